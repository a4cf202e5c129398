/*
 * mean_bound.c
 *		One-sided bounds of the mean of a distribution, from a sample of it.
 */
#include "core/stats/mean_bound.h"

#include <math.h>
#include <stdint.h>

#include "core/stats/distribution.h"
#include "core/stats/sample.h"

/*
 * Steps by which the characteristic function is gone through, in standard
 * deviations: what is 2 pi by this away cannot be told from what is here.
 */
#define STEP			0.1

/* A sum whose mean is so many standard deviations away is never beyond 0. */
#define NEVER_BEYOND	40

/* Terms that are divided by more than this say nothing. */
#define SAYS_NOTHING	1e10
#define MOST_TERMS		40000

/* So many halvings find a bound to nine digits of the range. */
#define HALVINGS		30

/* Of more values it would take long, and Student's bound is as good. */
#define MANY			20000

/*
 * A sample, turned for the lower bound: the sign is -1 where it is the upper
 * one that is looked for.
 */
typedef struct Sample
{
	const double *values;
	size_t		n;
	double		end;			/* of the range, as turned */
	double		sign;
	void		(*check_interrupts) (void);
} Sample;

/* A complex number. */
typedef struct Complex
{
	double		re;
	double		im;
} Complex;

/* Times 1 - i x. */
static inline Complex
times(Complex z, double x)
{
	return (Complex) {z.re + z.im * x, z.im - z.re * x};
}

/*
 * By what the characteristic function at t divides 1: the product over all
 * values, as far as they are from bound.  Each factor is 1 at least, so that
 * what has become too large stays so.
 */
static Complex
divisor(const Sample *sample, double bound, double t)
{
	Complex		product = times((Complex) {1, 0}, (sample->end - bound) * t);

	for (size_t i = 0; i < sample->n; i++)
	{
		product = times(product, (sample->sign * sample->values[i] - bound) * t);
		if (product.re * product.re + product.im * product.im > SAYS_NOTHING * SAYS_NOTHING)
			break;
	}
	return product;
}

/*
 * The mean and the standard deviation of a sum of exponentials, each times how
 * far a value is from bound.
 */
static void
describe_sum(const Sample *sample, double bound, double *mean, double *sd)
{
	double		squares = (sample->end - bound) * (sample->end - bound);

	*mean = sample->end - bound;
	for (size_t i = 0; i < sample->n; i++)
	{
		double		beyond = sample->sign * sample->values[i] - bound;

		*mean += beyond;
		squares += beyond * beyond;
	}
	*sd = sqrt(squares);
}

/*
 * How likely that sum is below 0, which is how likely a mean whose weights are
 * drawn is below bound: by inverting its characteristic function (Davies,
 * 1973).  The term of t is the sine of the phase by the modulus, by t.
 */
static double
mean_below(double bound, const void *context)
{
	const Sample *sample = context;
	double		mean;
	double		sd;
	double		sum = 0;

	describe_sum(sample, bound, &mean, &sd);
	if (!(sd > 0) || fabs(mean) > NEVER_BEYOND * sd)
		return mean < 0 ? 1 : 0;
	if (sample->check_interrupts != NULL)
		sample->check_interrupts();
	for (int k = 0; k < MOST_TERMS; k++)
	{
		double		u = (k + 0.5) * STEP;
		Complex		z = divisor(sample, bound, u / sd);
		double		square = z.re * z.re + z.im * z.im;

		if (square > SAYS_NOTHING * SAYS_NOTHING)
			break;
		sum += -z.im / square / (k + 0.5);
	}
	return 0.5 - sum / M_PI;
}

/* The lower bound of a sample that is turned so. */
static double
find_bound(const Sample *sample, double share)
{
	double		low = sample->end;
	double		high = sample->end;

	for (size_t i = 0; i < sample->n; i++)
		high = fmax(high, sample->sign * sample->values[i]);
	for (int i = 0; i < HALVINGS && high > low; i++)
	{
		double		middle = low + (high - low) / 2;

		if (mean_below(middle, sample) < share)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/*
 * Student's bound, of the values and of one more at the end, which says of
 * rare losses what they do not.
 */
static double
student_bound(const Sample *sample, double share)
{
	Moments		moments = sample_moments(sample->values, sample->n);
	double		n = (double) sample->n + 1;
	double		beyond = sample->end - sample->sign * moments.mean;
	double		mean = sample->sign * moments.mean + beyond / n;
	double		squares = moments.sd * moments.sd * (n - 2) + beyond * beyond * (n - 1) / n;

	return mean - student_quantile(1 - share, (int64_t) n - 1) * sqrt(squares / (n - 1) / n);
}

/* The outermost value to the side of the bound. */
static double
outermost(const double *values, size_t n, double sign)
{
	double		outermost = INFINITY;

	for (size_t i = 0; i < n; i++)
		outermost = fmin(outermost, sign * values[i]);
	return outermost;
}

double
mean_bound(const double *values, size_t n, double end, double sign, double share, void (*check_interrupts) (void))
{
	Sample		sample = {values, n, outermost(values, n, sign), sign, check_interrupts};
	double		bound;

	if (isnan(end) && n < 2)
		return NAN;
	if (!isnan(end))
		sample.end = fmin(sample.end, sign * end);
	bound = n < MANY ? find_bound(&sample, share) : student_bound(&sample, share);
	if (isnan(end))
		bound = fmin(bound, student_bound(&sample, share));
	return sign * fmax(bound, isnan(end) ? -INFINITY : sample.end);
}
