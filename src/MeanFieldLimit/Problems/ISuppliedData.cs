using MeanFieldLimit.Data;

namespace MeanFieldLimit.Problems;

/// <summary>Data whose kind supplies all points by itself, as one of another assembly does.</summary>
public interface ISuppliedData
{
    /// <summary>All points, x [point, d] and y [point, K], with those to test on; the same at each call.</summary>
    /// <param name="folder">Where the problem's data files are.</param>
    /// <param name="labels">What the loss takes labels for, and the points say that theirs are.</param>
    /// <exception cref="InvalidDataException">There are none; the message says why.</exception>
    Dataset Supply(string folder, LabelKind labels);
}
