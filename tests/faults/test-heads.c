/* Heads and decoders while memory runs out, at every allocation in turn. */
#include "core/base/memory.h"
#include "core/base/random.h"
#include "core/heads/bootstrap.h"
#include "core/heads/decoder-train.h"
#include "core/heads/folds.h"
#include "core/heads/knn.h"
#include "core/heads/outlines.h"
#include "core/heads/probe-fit.h"
#include "core/heads/ranking.h"
#include "exhaust.h"

#define N ((size_t) 90)
#define WIDTH ((size_t) 7)

static struct
{
  float  values[N * WIDTH];
  int    labels[N], folds[N];
  size_t groups[N];
  double numbers[N];
  bool   positive[N];
} samples;

static struct dino_team *team;

static bool
fit (void *data, struct dino_error *error)
{
  static const double   strengths[] = { 10, 1 };
  struct dino_probe_fit fit = {
    .samples = { .values = samples.values, .n_features = WIDTH, .n = N },
    .labels = data != NULL ? samples.labels : NULL,
    .n_classes = 3,
    .targets = samples.numbers,
    .folds = samples.folds,
    .n_folds = 3,
    .l2 = strengths,
    .n_l2 = G_N_ELEMENTS (strengths),
  };
  bool done = dino_probe_fit (&fit, team, NULL, error);

  dino_probe_fit_clear (&fit);
  return done;
}

static bool
deal (void *data, struct dino_error *error)
{
  int strata[N], folds[N];

  return dino_folds_stratify (samples.numbers, N, 4, strata, error) && dino_folds_deal (samples.groups, N / 3, strata, 4, N, 3, folds, error);
}

static bool
predict (void *data, struct dino_error *error)
{
  static const int      ks[] = { 3, 10 };
  const struct dino_knn knn = { .references = samples.values, .n_references = N, .n_features = WIDTH, .values = samples.numbers, .n_values = 1, .temperature = DINO_KNN_TEMPERATURE };
  double                means[2 * 5];

  return dino_knn_predict (&knn, samples.values, NULL, 5, ks, 2, team, NULL, means, error);
}

static double
mean_of (const void *data, const double *weights)
{
  double sum = 0, total = 0;

  for (size_t i = 0; i < N; i++)
    {
      sum += weights[i] * samples.numbers[i];
      total += weights[i];
    }
  return sum / total;
}

static bool
bootstrap (void *data, struct dino_error *error)
{
  struct dino_interval interval;

  return dino_bootstrap (samples.groups, N, N / 3, 20, 1, mean_of, NULL, team, &interval, error);
}

static bool
rank (void *data, struct dino_error *error)
{
  struct dino_ranking        ranking;
  struct dino_ranking_point *curve = NULL;
  size_t                     n;
  bool                       done = dino_ranking_init (&ranking, samples.numbers, samples.positive, N, error) && dino_ranking_curve (&ranking, &curve, &n, error);

  dino_free (curve);
  dino_ranking_clear (&ranking);
  return done;
}

static void
test_probes (void)
{
  exhaust ("classes fitted", fit, samples.labels, "");
  exhaust ("a number fitted", fit, NULL, "");
  exhaust ("folds", deal, NULL, "");
  exhaust ("nearest neighbours as a head", predict, NULL, "");
  exhaust ("intervals", bootstrap, NULL, "");
  exhaust ("curves", rank, NULL, "");
}

static bool
train (void *data, struct dino_error *error)
{
  const struct dino_decoder_samples trained = { samples.values, samples.labels, N, WIDTH, 3 };
  const struct dino_decoder_options options = { .n_hidden = data != NULL ? 4 : 0, .l2 = 0.01, .balanced = true, .max_rounds = 5, .team = team };
  struct dino_decoder_report        report;
  struct dino_decoder              *decoder = dino_decoder_train (&trained, &options, &report, error);

  dino_decoder_free (decoder);
  return decoder != NULL;
}

static bool
outline (void *data, struct dino_error *error)
{
  uint8_t               mask[20 * 20];
  struct dino_outlines *outlines;

  for (int i = 0; i < 400; i++)
    mask[i] = (uint8_t) ((i * 7 + i / 20 * 3) % 5 < 2);
  outlines = dino_outlines_new (mask, 20, 20, 1, 2, 1, error);
  dino_outlines_free (outlines);
  return outlines != NULL;
}

static void
test_decoders (void)
{
  exhaust ("linear decoder trained", train, NULL, "");
  exhaust ("decoder with hidden units trained", train, &samples, "");
  exhaust ("outlines", outline, NULL, "");
}

int
main (int argc, char **argv)
{
  struct dino_random random = dino_random (3);
  int                status;

  faults_watch ();
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < N; i++)
    {
      samples.labels[i] = (int) (i % 3);
      samples.folds[i] = (int) (i / 3 % 3);
      samples.groups[i] = i / 3;
      samples.positive[i] = i % 3 == 0;
      samples.numbers[i] = dino_random_normal (&random);
      for (size_t c = 0; c < WIDTH; c++)
        samples.values[i * WIDTH + c] = (float) (dino_random_normal (&random) + (c % 3 == i % 3));
    }
  team = dino_team_new (2, NULL);
  g_test_add_func ("/memory/heads/probes", test_probes);
  g_test_add_func ("/memory/heads/decoders", test_decoders);
  status = g_test_run ();
  dino_team_free (team);
  return status;
}
