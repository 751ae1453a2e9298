/* The nearest rows of a large matrix: one query, which is as fast as memory,
 * and many at once, which is as fast as multiplying. With --matrix the rows are
 * those of a mapped file, else they are made. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/random.h"
#include "core/vectors/narrow-row.h"
#include "core/vectors/search.h"
#include "io/half.h"
#include "io/matrix-file.h"

#define WIDTH ((size_t) 768)
#define COUNT ((size_t) 100000)
#define QUICK_COUNT ((size_t) 3000)
#define N_QUERIES ((size_t) 256)
#define K ((size_t) 10)

/* Floats that a thread sums at once. */
#define PIECE ((size_t) 1 << 20)

typedef float wide __attribute__ ((vector_size (64)));

struct job
{
  struct dino_team  *team;
  struct dino_search search;
  struct dino_hit   *hits;
  size_t             counts[N_QUERIES];
  float             *sums; /* of pieces, so that nothing is left out by the compiler */
};

#if defined(__x86_64__)
#define FOR_ALL_PROCESSORS __attribute__ ((target_clones ("default", "avx2", "avx512f")))
#else
#define FOR_ALL_PROCESSORS
#endif

FOR_ALL_PROCESSORS static float
sum_of (const float *values, size_t n)
{
  wide  sums[4] = { { 0 } };
  float sum = 0;

  for (size_t i = 0; i + 64 <= n; i += 64)
    {
#pragma GCC unroll 4
      for (size_t j = 0; j < 4; j++)
        {
          wide part;

          memcpy (&part, values + i + 16 * j, sizeof part);
          sums[j] += part;
        }
    }
  for (int i = 0; i < 16; i++)
    sum += sums[0][i] + sums[1][i] + sums[2][i] + sums[3][i];
  return sum;
}

static void
stream_item (void *data, size_t item, int thread)
{
  const struct job *job = data;
  const size_t      total = job->search.vectors->count * job->search.vectors->width, first = item * PIECE;

  job->sums[item] = sum_of ((const float *) job->search.vectors->rows + first, total - first < PIECE ? total - first : PIECE);
}

static size_t
n_pieces (const struct job *job)
{
  return (job->search.vectors->count * job->search.vectors->width + PIECE - 1) / PIECE;
}

static void
run_stream (void *data)
{
  struct job *job = data;

  dino_team_run (job->team, n_pieces (job), stream_item, job, NULL, 0, 1);
}

static void
run_search (void *data)
{
  struct job       *job = data;
  struct dino_error error = { 0 };

  bench_check (dino_search_run (&job->search, job->team, job->hits, job->counts, NULL, &error), &error);
}

/* The rate is in bytes of the matrix, or in multiply-adds times two. */
static void
measure (const struct bench *bench, struct job *job, const char *name, const char *variant)
{
  const struct dino_vectors *vectors = job->search.vectors;
  static const size_t        sizes[DINO_N_VECTOR_TYPES] = { 4, 2, 1 };
  const double               values = (double) vectors->count * (double) vectors->width;
  char                       shape[64];

  for (size_t n = 1; n <= N_QUERIES; n *= N_QUERIES)
    {
      struct bench_seconds seconds;

      job->search.n_queries = n;
      seconds = bench_repeat (bench, run_search, job);
      snprintf (shape, sizeof shape, "%zux%zu for %zu", vectors->count, vectors->width, n);
      bench_print (bench, name, variant, shape, &seconds, n > 1 ? 2e-9 * values * (double) n : 1e-9 * values * (double) sizes[vectors->type], n > 1 ? "GFLOP/s" : "GB/s");
    }
}

static void
measure_stream (const struct bench *bench, struct job *job)
{
  const double         values = (double) job->search.vectors->count * (double) job->search.vectors->width;
  struct bench_seconds seconds;
  char                 shape[64];

  job->sums = bench_alloc (n_pieces (job), sizeof *job->sums);
  seconds = bench_repeat (bench, run_stream, job);
  snprintf (shape, sizeof shape, "%zux%zu", job->search.vectors->count, job->search.vectors->width);
  bench_print (bench, "stream", "f32", shape, &seconds, 4e-9 * values, "GB/s");
  dino_free (job->sums);
}

static void
measure_f32 (const struct bench *bench, struct job *job)
{
  measure_stream (bench, job);
  for (enum dino_isa isa = DINO_ISA_GENERIC; isa <= DINO_ISA_AVX512; isa++)
    if (bench_wants (bench, isa))
      {
        char variant[64];

        job->search.isa = isa;
        snprintf (variant, sizeof variant, "f32 %s", dino_isa_name (isa));
        measure (bench, job, "search", variant);
      }
}

static void
fill (float *rows, size_t n, uint64_t seed)
{
  struct dino_random random = dino_random (seed);

  for (size_t i = 0; i < n * WIDTH; i++)
    rows[i] = (float) (dino_random_share (&random) - 0.5);
  for (size_t i = 0; i < n; i++)
    dino_row_normalize (rows + i * WIDTH, rows + i * WIDTH, WIDTH);
}

/* The same rows in 16 and 8 bits. */
static void
measure_narrow (const struct bench *bench, struct job *job, const struct dino_vectors *vectors)
{
  const size_t count = vectors->count;
  const float *rows = vectors->rows;
  uint16_t    *halves = bench_alloc (count * WIDTH, sizeof *halves);
  int8_t      *bytes = bench_alloc (count * WIDTH, sizeof *bytes);
  float       *scales = bench_alloc (count, sizeof *scales), *errors = bench_alloc (count, sizeof *errors);

  for (size_t i = 0; i < count * WIDTH; i++)
    halves[i] = dino_half_from_float (rows[i]);
  for (size_t i = 0; i < count; i++)
    dino_row_narrow (rows + i * WIDTH, bytes + i * WIDTH, WIDTH, &scales[i], &errors[i]);
  job->search.isa = bench->one_isa ? bench->isa : dino_isa_detect ();
  job->search.vectors = &(struct dino_vectors){ .type = DINO_VECTOR_F16, .count = count, .width = WIDTH, .rows = halves };
  measure (bench, job, "search", "f16");
  job->search.vectors = &(struct dino_vectors){ .type = DINO_VECTOR_I8, .count = count, .width = WIDTH, .rows = bytes, .scales = scales, .errors = errors, .exact = rows };
  measure (bench, job, "search", "int8");
  dino_free (halves);
  dino_free (bytes);
  dino_free (scales);
  dino_free (errors);
}

/* The file's rows as they are: what is compared with may have any length. */
static void
measure_file (const struct bench *bench, struct job *job)
{
  struct dino_error        error = { 0 };
  struct dino_matrix_file *file = dino_matrix_file_open (bench->matrix, &error);
  struct dino_vectors      vectors;

  bench_check (file != NULL, &error);
  if (dino_matrix_file_is_half (file) || dino_matrix_file_n_tokens (file) != 1 || dino_matrix_file_n_channels (file) != WIDTH)
    bench_fail ("--matrix must be a .npy file of float32, [n, 768]");
  vectors = (struct dino_vectors){ .count = dino_matrix_file_n_rows (file), .width = WIDTH, .rows = dino_matrix_file_data (file) };
  job->search.vectors = &vectors;
  measure_f32 (bench, job);
  dino_matrix_file_free (file);
}

static void
measure_made (const struct bench *bench, struct job *job)
{
  const struct dino_vectors vectors = { .count = bench->quick ? QUICK_COUNT : COUNT, .width = WIDTH, .rows = bench_alloc ((bench->quick ? QUICK_COUNT : COUNT) * WIDTH, sizeof (float)) };

  fill ((float *) vectors.rows, vectors.count, 1);
  job->search.vectors = &vectors;
  measure_f32 (bench, job);
  measure_narrow (bench, job, &vectors);
  dino_free ((void *) vectors.rows);
}

int
main (int argc, char **argv)
{
  struct bench bench;
  struct job   job = { 0 };
  float       *queries = bench_alloc (N_QUERIES * WIDTH, sizeof *queries);

  bench_start (&bench, argc, argv, "The nearest rows of a matrix.");
  fill (queries, N_QUERIES, 2);
  job.team = bench.team;
  job.hits = bench_alloc (N_QUERIES * K, sizeof *job.hits);
  job.search = (struct dino_search){ .queries = queries, .k = K };
  if (bench.matrix != NULL)
    measure_file (&bench, &job);
  else
    measure_made (&bench, &job);
  dino_free (job.hits);
  dino_free (queries);
  bench_end (&bench);
  return 0;
}
