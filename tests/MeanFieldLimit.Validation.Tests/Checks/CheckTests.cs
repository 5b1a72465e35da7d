using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Checks;

namespace MeanFieldLimit.Validation.Tests.Checks;

/// <summary>
/// Each check holds, and each fails where its claim is wrong or its input breaks what the theorem asks.
/// </summary>
public class CheckTests
{
    private static readonly CheckSetting Setting = new() { Small = true, Machine = new() { Threads = 2 } };

    public static TheoryData<string> Names => [.. Catalogue.All<ITheoryCheck>().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_check_holds_with_a_figure_and_a_reason_for_each_number(string name)
    {
        var check = Catalogue.Find<ITheoryCheck>(name);
        var result = CheckRun.Of(check, Setting);
        Assert.All(result.Measurements, m => Assert.True(m.Holds,
            $"{m.Quantity}: {m.Value}, allowed {m.Low} to {m.High}"));
        Assert.All(result.Measurements, m => Assert.NotEqual("", m.Reason));
        Assert.NotEmpty(result.Figures);
        Assert.All(result.Figures, f => Assert.StartsWith(name, f.Name, StringComparison.Ordinal));
        // An equation of its own, or a function of one number, is no problem of networks.
        Assert.Equal(name is "mckean-vlasov" or "escape", result.Problems.Count == 0);

        // Its record reads back to the same.
        using var temporary = new TemporaryFolder();
        var read = (CheckRun)new CellStore(temporary.Path, Assert.Fail)
            .Save(CheckReport.Plan([check], Setting, Small.Info, failed: 4).Cells[0], result);
        Assert.Equal(result.Measurements, read.Measurements);
        Assert.Equal(result.Problems, read.Problems);
        Assert.Equal((name, result.Seconds), (read.Check, read.Seconds));
        Assert.Equal(result.Figures.Select(f => (f.Name, f.Caption, f.Obstacle, f.Svg)), read.Figures.Select(f => (f.Name, f.Caption, f.Obstacle, f.Svg)));
        Assert.Equal(result.Figures.SelectMany(f => f.Png), read.Figures.SelectMany(f => f.Png));
    }

    [Fact]
    public void Networks_leave_their_random_features_where_they_have_fewer_neurons_than_points() => AssertFails(
        new RandomFeatures { Points = 40, Least = 3, Time = 6000 }, "the same in |B");

    [Fact]
    public void Symmetry_fails_for_random_biases_claimed_to_be_constant() =>
        AssertFails(new Symmetry { Constant = new GaussianLaw { Std = 0.5 } }, "constant biases, limit: largest");

    [Fact]
    public void Depth_does_not_collapse_with_random_biases() =>
        AssertFails(new DepthCollapse { Biases = new GaussianLaw { Std = 1 } }, "exponent in N of the spread of H_i");

    [Fact]
    public void The_limit_does_not_vanish_for_weights_that_are_not_centred() =>
        AssertFails(new VanishingLimit { Mean = 0.3 }, "L = 4, limit: |velocity|", "L = 5, limit: largest |yhat|",
            "L = 4");

    [Fact]
    public void The_energy_identity_fails_for_rates_off_by_a_thousandth()
    {
        var result = new EnergyIdentity { Factor = 1.001 }.Run(Setting);
        var defects = result.Measurements.Where(m => m.Quantity.Contains("dissipated", StringComparison.Ordinal))
            .ToArray();
        Assert.All(defects.Where(m => !m.Quantity.StartsWith("isotropic", StringComparison.Ordinal)), m =>
            Assert.False(m.Holds));
    }

    [Fact]
    public void The_weak_form_fails_for_a_right_hand_side_off_by_a_hundredth() => AssertFails(
        new WeakForm { Factor = 1.01 }, "particles in the plane, Runge-Kutta", "grid in the plane", "minimizing");

    [Fact]
    public void Ways_part_at_different_temperatures() => AssertFails(new ThreeWays { Factor = 1.2 },
        "minimizing movements to the grid, temperature");

    [Fact]
    public void The_law_of_a_diffusion_of_half_the_noise_is_another() => AssertFails(
        new SgdAsDiffusion { Factor = 0.5 }, "standard deviation", "exponent in N of W2");

    [Fact]
    public void SGD_is_not_the_diffusion_of_twice_its_step() => AssertFails(new SgdAsDiffusion { StepFactor = 2 },
        "E sup of SGD over that of its diffusion, beta = 0,", "E sup of SGD over that of its diffusion, beta = 0.5");

    [Fact]
    public void Balance_fails_for_unequal_rates() =>
        AssertFails(new Balance { LastRate = 1.01 }, "identity, limit", "relu, limit", "leaky-relu, network");

    [Fact]
    public void The_closed_form_fails_at_another_rate() => AssertFails(new LinearNetwork { Rate = 1.001 },
        "limit: largest");

    [Fact]
    public void Convergence_fails_where_the_first_layer_starts_on_a_line() =>
        AssertFails(new GlobalConvergence { Diverse = false }, "risk(T) / risk(0)", "diverse: risk(T)",
            "least over largest eigenvalue");

    [Fact]
    public void Networks_drawn_from_a_part_of_a_law_do_not_come_to_its_risk() =>
        AssertFails(new LimitOfInfima { Sources = 5 }, "exponent in N of the mean risk", "the same at N");

    [Fact]
    public void Steps_of_SGD_that_are_too_long_by_six_percent_are_not_stable() => AssertFails(
        new SgdStability { Factor = 1.06 }, "spectral radius of the second moments", "growth of the mean square",
        "relative distance of the step in one dimension", "largest stable step over that of the best direction");

    [Fact]
    public void SGD_does_not_leave_a_minimum_that_is_uniform_enough() =>
        AssertFails(new Escape { Factor = 0.5 }, "the same, eta = 0.6");

    [Fact]
    public void Neurons_on_the_circle_keep_a_third_harmonic() =>
        AssertFails(new TeacherOnCircle { Third = 0.2 }, "no bias, even density: W2 at T");

    [Fact]
    public void Another_weight_decay_does_not_minimise_the_penalised_risk() =>
        AssertFails(new PenalisedTeacher { Factor = 1.1 }, "limit: J(pi_k) - J* at T", "limit: decay rate",
            "networks of 64 neurons");

    [Fact]
    public void Gradient_descent_stalls_where_the_minimiser_has_a_neuron_on_a_kink_of_the_data() =>
        AssertFails(new PenalisedTeacher { Penalty = 0.05 }, "limit: J(pi_k) - J* at T");

    [Fact]
    public void Deep_convergence_fails_for_independent_weights() =>
        AssertFails(new GlobalConvergenceDeep { Noise = 1 }, "risk(T) / risk(0)");

    [Fact]
    public void The_law_of_particles_with_other_noise_is_another() =>
        AssertFails(new McKeanVlasovEquation { NoiseFactor = 1.1 }, "variance", "exponent in N of W_2");

    [Fact]
    public void Milstein_without_the_derivative_has_the_order_of_Euler() =>
        AssertFails(new McKeanVlasovEquation { SlopeFactor = 0 }, "strong order of milstein");

    [Fact]
    public void The_same_numbers_come_out_for_any_number_of_threads()
    {
        double[] Values(int threads) =>
            [.. new VanishingLimit().Run(Setting with { Machine = new() { Threads = threads } }).Measurements.Select(m => m.Value)];
        Assert.Equal(Values(1), Values(3));
    }

    [Fact]
    public void A_check_asked_to_stop_stops()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.All(Catalogue.All<ITheoryCheck>(), check => Assert.ThrowsAny<OperationCanceledException>(
            () => check.Run(Setting with { Machine = new() { Cancellation = stop.Token } })));
    }

    private static void AssertFails(ITheoryCheck check, params string[] quantities)
    {
        var result = check.Run(Setting);
        Assert.All(quantities, q => Assert.Contains(result.Measurements,
            m => !m.Holds && m.Quantity.StartsWith(q, StringComparison.Ordinal)));
    }
}
