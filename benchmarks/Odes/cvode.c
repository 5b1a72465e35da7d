/* CVODE of SUNDIALS on the problems of benchmarks/WorkPrecision/Classics.cs: a line "PROBLEM METHOD RELATIVE ABSOLUTE
 * SECONDS" on standard input, METHOD being bdf or adams, is answered with seconds a solve, bytes at most, and the state
 * at the end. It solves again until SECONDS are over. BDF has a dense linear solver with the Jacobian by
 * differences, Adams's method a fixed-point iteration. */
#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>
#include <time.h>

#define Y(v) N_VGetArrayPointer(v)

static int robertson(realtype t, N_Vector state, N_Vector velocity, void *data) {
    realtype *y = Y(state), *v = Y(velocity);
    v[0] = -0.04 * y[0] + 1e4 * y[1] * y[2];
    v[2] = 3e7 * y[1] * y[1];
    v[1] = -v[0] - v[2];
    return 0;
}

static int vanderpol(realtype t, N_Vector state, N_Vector velocity, void *data) {
    realtype *y = Y(state), *v = Y(velocity);
    v[0] = y[1];
    v[1] = 1000 * (1 - y[0] * y[0]) * y[1] - y[0];
    return 0;
}

static int arenstorf(realtype t, N_Vector state, N_Vector velocity, void *data) {
    const realtype mu = 0.012277471, rest = 1 - mu;
    realtype *y = Y(state), *v = Y(velocity);
    realtype r1 = (y[0] + mu) * (y[0] + mu) + y[1] * y[1], r2 = (y[0] - rest) * (y[0] - rest) + y[1] * y[1];
    realtype d1 = r1 * sqrt(r1), d2 = r2 * sqrt(r2);
    v[0] = y[2];
    v[1] = y[3];
    v[2] = y[0] + 2 * y[3] - rest * (y[0] + mu) / d1 - mu * (y[0] - rest) / d2;
    v[3] = y[1] - 2 * y[2] - rest * y[1] / d1 - mu * y[1] / d2;
    return 0;
}

static int pleiades(realtype t, N_Vector state, N_Vector velocity, void *data) {
    realtype *y = Y(state), *v = Y(velocity);
    memcpy(v, y + 14, 14 * sizeof *v);
    for (int i = 0; i < 7; i++) {
        realtype ax = 0, ay = 0;
        for (int j = 0; j < 7; j++) {
            if (j == i) continue;
            realtype dx = y[j] - y[i], dy = y[7 + j] - y[7 + i], square = dx * dx + dy * dy;
            realtype pull = (j + 1) / (square * sqrt(square));
            ax += pull * dx;
            ay += pull * dy;
        }
        v[14 + i] = ax;
        v[21 + i] = ay;
    }
    return 0;
}

static const struct {
    const char *name;
    CVRhsFn field;
    int n;
    realtype end, initial[28];
} problems[] = {
    {"robertson-40", robertson, 3, 40, {1}},
    {"robertson", robertson, 3, 4e4, {1}},
    {"vanderpol", vanderpol, 2, 2000, {2, 0}},
    {"arenstorf", arenstorf, 4, 17.0652165601579625588917206249, {0.994, 0, 0, -2.00158510637908252240537862224}},
    {"pleiades", pleiades, 28, 3,
     {3, 3, -1, -3, 2, -2, 2, 3, -3, 2, 0, 0, -4, 4, 0, 0, 0, 0, 0, 1.75, -1.5, 0, 0, 0, -1.25, 1}},
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* getrusage would count what the process was forked from. */
static long peak(void) {
    char line[128];
    long kilobytes = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) sscanf(line, "VmHWM: %ld", &kilobytes);
    if (status) fclose(status);
    return 1024 * kilobytes;
}

static void check(int flag, const char *what) {
    if (flag < 0) {
        fprintf(stderr, "%s: %d\n", what, flag);
        exit(1);
    }
}

int main(void) {
    char name[32], method[32];
    double relative, absolute, least;
    SUNContext context;
    check(SUNContext_Create(NULL, &context), "SUNContext_Create");
    while (scanf("%31s %31s %lf %lf %lf", name, method, &relative, &absolute, &least) == 5) {
        size_t k = 0;
        while (k < sizeof problems / sizeof *problems && strcmp(problems[k].name, name)) k++;
        if (k == sizeof problems / sizeof *problems) check(-1, name);
        int n = problems[k].n, bdf = !strcmp(method, "bdf");
        N_Vector initial = N_VNew_Serial(n, context), y = N_VClone(initial);
        memcpy(Y(initial), problems[k].initial, n * sizeof(realtype));
        void *solver = CVodeCreate(bdf ? CV_BDF : CV_ADAMS, context);
        SUNMatrix matrix = SUNDenseMatrix(n, n, context);
        SUNLinearSolver dense = SUNLinSol_Dense(y, matrix, context);
        SUNNonlinearSolver iteration = SUNNonlinSol_FixedPoint(y, 0, context);
        check(CVodeInit(solver, problems[k].field, 0, initial), "CVodeInit");
        check(CVodeSStolerances(solver, relative, absolute), "CVodeSStolerances");
        check(CVodeSetMaxNumSteps(solver, 100000000), "CVodeSetMaxNumSteps");
        if (bdf) check(CVodeSetLinearSolver(solver, dense, matrix), "CVodeSetLinearSolver");
        else check(CVodeSetNonlinearSolver(solver, iteration), "CVodeSetNonlinearSolver");
        check(CVodeSetStopTime(solver, problems[k].end), "CVodeSetStopTime");
        double start = now(), seconds;
        long solves = 0;
        do {
            realtype t;
            check(CVodeReInit(solver, 0, initial), "CVodeReInit");
            check(CVodeSetStopTime(solver, problems[k].end), "CVodeSetStopTime");
            check(CVode(solver, problems[k].end, y, &t, CV_NORMAL), "CVode");
            solves++;
            seconds = now() - start;
        } while (seconds < least);
        printf("%.17g %ld", seconds / solves, peak());
        for (int i = 0; i < n; i++) printf(" %.17g", Y(y)[i]);
        printf("\n");
        fflush(stdout);
        CVodeFree(&solver);
        SUNLinSolFree(dense);
        SUNNonlinSolFree(iteration);
        SUNMatDestroy(matrix);
        N_VDestroy(initial);
        N_VDestroy(y);
    }
    SUNContext_Free(&context);
    return 0;
}
