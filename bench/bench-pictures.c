/* Preparation of pictures: Pillow's bicubic for the model, the area average for
 * the display, ITK's spline for RAD-DINO's own preparation; a 12-bit film of 3000
 * x 2000 pixels made as high as the model wants it. */
#include "bench.h"

#include <stdio.h>

#include "core/base/memory.h"
#include "core/picture/resize-bspline.h"
#include "core/picture/resize.h"

struct job
{
  const uint8_t             *bytes;
  const uint16_t            *words;
  const struct dino_picture *picture;
  int                        width, height, channels, new_width, new_height;
  uint8_t                   *bytes_out;
  uint16_t                  *words_out;
  float                     *floats_out;
};

static void
run_bicubic (void *data)
{
  const struct job *job = data;
  struct dino_error error = { 0 };

  bench_check (dino_resize_bicubic (job->bytes, job->width, job->height, job->channels, job->bytes_out, job->new_width, job->new_height, &error), &error);
}

static void
run_area (void *data)
{
  const struct job *job = data;
  struct dino_error error = { 0 };

  bench_check (dino_resize_area (job->bytes, job->width, job->height, job->channels, job->bytes_out, job->new_width, job->new_height, &error), &error);
}

static void
run_area16 (void *data)
{
  const struct job *job = data;
  struct dino_error error = { 0 };

  bench_check (dino_resize_area16 (job->words, job->width, job->height, job->words_out, job->new_width, job->new_height, &error), &error);
}

static void
run_bspline (void *data)
{
  const struct job *job = data;
  struct dino_error error = { 0 };

  bench_check (dino_resize_bspline (job->picture, job->floats_out, job->new_width, job->new_height, &error), &error);
}

static const struct
{
  const char *variant;
  int         channels;
  void (*run) (void *data);
} cases[] = {
  { "bicubic grey", 1, run_bicubic },
  { "bicubic rgb", 3, run_bicubic },
  { "area grey", 1, run_area },
  { "area rgb", 3, run_area },
  { "area 16 bits", 1, run_area16 },
  { "bspline 16 bits", 1, run_bspline },
};

static void
measure (const struct bench *bench, struct job *job)
{
  char shape[64];

  snprintf (shape, sizeof shape, "%dx%d to %dx%d", job->width, job->height, job->new_width, job->new_height);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      struct bench_seconds seconds;

      job->channels = cases[i].channels;
      seconds = bench_repeat (bench, cases[i].run, job);
      bench_print (bench, "resize", cases[i].variant, shape, &seconds, (double) job->width * job->height * 1e-6, "Mpixel/s");
    }
}

static struct dino_picture *
make_picture (int width, int height, const uint16_t *words)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = dino_picture_new (width, height, 1, 16, &error);

  bench_check (picture != NULL, &error);
  for (size_t i = 0; i < (size_t) width * (size_t) height; i++)
    picture->samples16[i] = words[i];
  bench_check (dino_picture_measure (picture, &error), &error);
  return picture;
}

int
main (int argc, char **argv)
{
  struct bench         bench;
  struct job           job;
  struct dino_picture *picture;
  size_t               n, n_out;
  uint8_t             *bytes;
  uint16_t            *words;

  bench_start (&bench, argc, argv, "Resizing of pictures. On one thread, whatever --threads says.");
  bench.threads = 1;
  job = bench.quick ? (struct job){ .width = 90, .height = 60, .new_width = 30, .new_height = 20 }
                    : (struct job){ .width = 3000, .height = 2000, .new_width = 777, .new_height = 518 };
  n = (size_t) job.width * (size_t) job.height;
  n_out = (size_t) job.new_width * (size_t) job.new_height;
  job.bytes = bytes = bench_alloc (n, 3);
  job.words = words = bench_alloc (n, sizeof *words);
  for (size_t i = 0; i < 3 * n; i++)
    bytes[i] = (uint8_t) (i * 7 + (i >> 5) * 13);
  for (size_t i = 0; i < n; i++)
    words[i] = (uint16_t) ((i * 71 + (i >> 7) * 13) & 4095);
  job.picture = picture = make_picture (job.width, job.height, words);
  job.bytes_out = bench_alloc (n_out, 3);
  job.words_out = bench_alloc (n_out, sizeof (uint16_t));
  job.floats_out = bench_alloc (n_out, sizeof (float));
  measure (&bench, &job);
  dino_picture_unref (picture);
  dino_free (bytes);
  dino_free (words);
  dino_free (job.bytes_out);
  dino_free (job.words_out);
  dino_free (job.floats_out);
  bench_end (&bench);
  return 0;
}
