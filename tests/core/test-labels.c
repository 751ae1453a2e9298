/* Classes, the labels that masks and strokes give to patches, how far masks
 * agree, and what a linear head says of itself. */
#include <math.h>

#include <glib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/heads/classes.h"
#include "core/heads/folds.h"
#include "core/heads/head.h"
#include "core/heads/overlap.h"
#include "core/heads/patch-labels.h"
#include "core/heads/scribbles.h"

static void
test_classes (void)
{
  const uint8_t       values[] = { 0, 9, 10, 255, 9 };
  uint8_t             indexes[5];
  struct dino_classes classes = { .n = 0 };
  struct dino_error   error = { 0 };
  g_autofree char    *longest = g_strnfill (DINO_CLASS_NAME_LENGTH - 2, 'n');
  g_autofree char    *cut = g_strconcat (longest, "ü", NULL);

  g_assert_true (dino_classes_add (&classes, 9, "lung", NULL));
  g_assert_true (dino_classes_add (&classes, 255, NULL, NULL));
  g_assert_true (dino_classes_add (&classes, 254, cut, NULL));
  g_assert_cmpint (classes.n, ==, 3);
  g_assert_cmpstr (classes.list[0].name, ==, "lung");
  g_assert_cmpstr (classes.list[1].name, ==, "255");
  /* A character is kept whole or not at all. */
  g_assert_cmpstr (classes.list[2].name, ==, longest);
  g_assert_cmpint (dino_classes_find (&classes, 9), ==, 0);
  g_assert_cmpint (dino_classes_find (&classes, 254), ==, 2);
  g_assert_cmpint (dino_classes_find (&classes, 0), ==, -1);
  g_assert_cmpint (dino_classes_unseen (&classes), ==, 253);
  dino_classes_map (&classes, values, 5, indexes);
  g_assert_cmpmem (indexes, 5, ((const uint8_t[]){ DINO_NO_CLASS, 0, DINO_NO_CLASS, 1, 0 }), 5);

  while (classes.n < DINO_DECODER_MAX_CLASSES)
    g_assert_true (dino_classes_add (&classes, (uint8_t) classes.n, NULL, NULL));
  g_assert_false (dino_classes_add (&classes, 200, NULL, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_LIMIT);
  g_assert_cmpint (classes.n, ==, DINO_DECODER_MAX_CLASSES);
}

/* The first is black; no two of all that there can be look the same. */
static void
test_colors (void)
{
  uint8_t rgb[DINO_DECODER_MAX_CLASSES][3];

  for (int i = 0; i < DINO_DECODER_MAX_CLASSES; i++)
    {
      dino_classes_color (i, rgb[i]);
      for (int other = 0; other < i; other++)
        g_assert_cmpint (memcmp (rgb[other], rgb[i], 3), !=, 0);
    }
  g_assert_cmpint (rgb[0][0] + rgb[0][1] + rgb[0][2], ==, 0);
}

/* A picture of 6 × 4 that is seen as it is, in cells of 2. */
static struct dino_geometry
plain_geometry (void)
{
  return (struct dino_geometry){ .patch = 2, .width = 6, .height = 4, .resized_width = 6, .resized_height = 4, .input_width = 6, .input_height = 4, .columns = 3, .rows = 2 };
}

static void
test_labels (void)
{
  static const uint8_t classes[] = {
    0, 1, 2, 2, 255, 255, //
    1, 0, 1, 2, 255, 3,   //
    5, 5, 4, 4, 7, 7,     //
    5, 5, 6, 6, 6, 255,   //
  };
  struct dino_geometry geometry = plain_geometry ();
  int                  labels[6];

  /* Two and two: the lower number. A cell with one marked pixel of four is
   * labelled up to a share of a quarter. */
  g_assert_true (dino_patch_labels (&geometry, classes, 0.25, labels, NULL));
  g_assert_cmpmem (labels, sizeof labels, ((const int[]){ 0, 2, 3, 5, 4, 7 }), sizeof labels);
  g_assert_true (dino_patch_labels (&geometry, classes, 0.26, labels, NULL));
  g_assert_cmpmem (labels, sizeof labels, ((const int[]){ 0, 2, -1, 5, 4, 7 }), sizeof labels);
  g_assert_true (dino_patch_labels (&geometry, classes, 1, labels, NULL));
  g_assert_cmpmem (labels, sizeof labels, ((const int[]){ 0, 2, -1, 5, 4, -1 }), sizeof labels);

  /* One cell: the middle of the picture, cut out of twice its size. */
  geometry.resized_width = 12;
  geometry.resized_height = 8;
  geometry.left = 4;
  geometry.top = 2;
  geometry.input_width = geometry.input_height = 2;
  geometry.columns = geometry.rows = 1;
  g_assert_true (dino_patch_labels (&geometry, classes, 1, labels, NULL));
  g_assert_cmpint (labels[0], ==, 1);

  /* The picture ends before the input does: outside there is no class. */
  geometry = plain_geometry ();
  geometry.left = geometry.top = -1;
  geometry.input_width = 8;
  geometry.columns = 4;
  geometry.input_height = 6;
  geometry.rows = 3;
  {
    int more[12];

    g_assert_true (dino_patch_labels (&geometry, classes, 0.25, more, NULL));
    g_assert_cmpint (more[0], ==, 0);
    g_assert_cmpint (more[1], ==, 1);
    g_assert_cmpint (more[3], ==, -1);
    g_assert_cmpint (more[11], ==, -1);
    g_assert_cmpint (more[8], ==, 5);
  }
}

static void
paint (uint8_t *classes, int class_index, double radius, const double *places, size_t n)
{
  const struct dino_stroke stroke = { class_index, radius, places, n };

  dino_scribbles_paint (&stroke, 1, 8, 6, classes);
}

/* Against the definition: the distance of each pixel's centre to each piece of the line. */
static void
test_scribbles (void)
{
  static const double lines[][6] = {
    { 1, 1, 6, 4, 2, 5 },
    { -3, -2, 12, 9, 4, 4 },
    { 4.5, 2.5, 4.5, 2.5, 0, 5 },
    { 8, 6, 8, 0, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    for (double radius = 0.5; radius < 4; radius += 0.75)
      {
        uint8_t classes[8 * 6];

        memset (classes, DINO_NO_CLASS, sizeof classes);
        paint (classes, 3, radius, lines[i], 3);
        for (int y = 0; y < 6; y++)
          for (int x = 0; x < 8; x++)
            {
              double best = INFINITY;

              for (int s = 0; s < 2; s++)
                for (double t = 0; t <= 1; t += 1.0 / 4096)
                  best = fmin (best, hypot (x + 0.5 - (lines[i][2 * s] + t * (lines[i][2 * s + 2] - lines[i][2 * s])),
                                            y + 0.5 - (lines[i][2 * s + 1] + t * (lines[i][2 * s + 3] - lines[i][2 * s + 1]))));
              if (fabs (best - radius) > 1e-3)
                g_assert_cmpint (classes[y * 8 + x], ==, best < radius ? 3 : DINO_NO_CLASS);
            }
      }
}

static void
test_scribbles_order (void)
{
  static const double dot[] = { 2.5, 2.5 };
  static const double nowhere[] = { NAN, 2, 2, INFINITY };
  uint8_t             classes[8 * 6];

  memset (classes, DINO_NO_CLASS, sizeof classes);
  paint (classes, 1, 1, dot, 1);
  for (int i = 0; i < 48; i++)
    g_assert_cmpint (classes[i], ==, i == 18 || i == 10 || i == 26 || i == 17 || i == 19 ? 1 : DINO_NO_CLASS);
  /* The later stroke is seen; one without a class rubs out. */
  paint (classes, 2, 0.5, dot, 1);
  g_assert_cmpint (classes[18], ==, 2);
  g_assert_cmpint (classes[17], ==, 1);
  paint (classes, DINO_NO_CLASS, 0.5, dot, 1);
  g_assert_cmpint (classes[18], ==, DINO_NO_CLASS);
  g_assert_cmpint (classes[17], ==, 1);
  paint (classes, 5, 9, nowhere, 2);
  g_assert_null (memchr (classes, 5, sizeof classes));
}

static void
test_overlap (void)
{
  static const uint8_t predicted[] = { 0, 1, 1, 2, 255, 1, 64 };
  static const uint8_t truth[] = { 0, 1, 2, 2, 1, 255, 0 };
  struct dino_overlap  overlap = { 0 }, sum = { 0 };

  dino_overlap_add (&overlap, predicted, truth, 7);
  g_assert_cmpfloat (dino_overlap_dice (&overlap, 0), ==, 1);
  g_assert_cmpfloat (dino_overlap_dice (&overlap, 1), ==, 2.0 / 3);
  g_assert_cmpfloat (dino_overlap_iou (&overlap, 1), ==, 0.5);
  g_assert_cmpfloat (dino_overlap_iou (&overlap, 2), ==, 0.5);
  g_assert_true (isnan (dino_overlap_dice (&overlap, 3)));
  g_assert_true (isnan (dino_overlap_iou (&overlap, 3)));
  /* What is in neither mask does not count. */
  g_assert_cmpfloat (dino_overlap_mean (&overlap, dino_overlap_iou, 0, 4), ==, 2.0 / 3);
  g_assert_cmpfloat (dino_overlap_mean (&overlap, dino_overlap_iou, 1, 4), ==, 0.5);
  g_assert_true (isnan (dino_overlap_mean (&overlap, dino_overlap_iou, 3, 4)));
  dino_overlap_join (&sum, &overlap);
  dino_overlap_join (&sum, &overlap);
  g_assert_cmpuint (sum.both[1], ==, 2);
  g_assert_cmpuint (sum.predicted[1], ==, 4);
  g_assert_cmpuint (sum.truth[2], ==, 4);
}

static void
test_head_names (void)
{
  enum dino_head_features features;
  enum dino_head_task     task;

  for (int i = 0; i < DINO_HEAD_UNKNOWN; i++)
    {
      g_assert_true (dino_head_features_parse (dino_head_features_name ((enum dino_head_features) i), &features));
      g_assert_cmpint (features, ==, i);
    }
  g_assert_cmpstr (dino_head_features_name (DINO_HEAD_UNKNOWN), ==, "");
  g_assert_cmpstr (dino_head_features_name (DINO_HEAD_CLS_MEAN), ==, "cls+mean");
  g_assert_false (dino_head_features_parse ("", &features));
  g_assert_false (dino_head_features_parse ("CLS", &features));
  for (int i = 0; i <= DINO_HEAD_REGRESS; i++)
    {
      g_assert_true (dino_head_task_parse (dino_head_task_name ((enum dino_head_task) i), &task));
      g_assert_cmpint (task, ==, i);
    }
  g_assert_false (dino_head_task_parse ("rank", &task));
  g_assert_cmpint (task, ==, DINO_HEAD_REGRESS);
}

/* Which heads go with an encoder of 8 channels and 5 blocks. */
static void
test_head_resolve (void)
{
  static const struct
  {
    size_t                  n_features;
    enum dino_head_features given, found;
    int                     block, n_blocks;
    const char             *refusal;
  } rows[] = {
    { 8, DINO_HEAD_UNKNOWN, DINO_HEAD_CLS, -1, 5, NULL },
    { 16, DINO_HEAD_UNKNOWN, DINO_HEAD_CLS_MEAN, -1, 5, NULL },
    { 32, DINO_HEAD_UNKNOWN, DINO_HEAD_LAST4_CLS, -1, 4, NULL },
    { 24, DINO_HEAD_UNKNOWN, DINO_HEAD_UNKNOWN, -1, 5, "does not say of what; the encoder has 8 channels" },
    { 8, DINO_HEAD_MEAN, DINO_HEAD_MEAN, 4, 5, NULL },
    { 8, DINO_HEAD_PATCHES, DINO_HEAD_PATCHES, 0, 5, NULL },
    { 16, DINO_HEAD_MEAN, DINO_HEAD_MEAN, -1, 5, "“mean” of the encoder are 8 numbers" },
    { 8, DINO_HEAD_CLS_MEAN, DINO_HEAD_CLS_MEAN, -1, 5, "“cls+mean” of the encoder are 16 numbers" },
    { 8, DINO_HEAD_CLS, DINO_HEAD_CLS, 5, 5, "fitted on block 5, and the encoder has 5, from 0" },
    { 32, DINO_HEAD_LAST4_CLS, DINO_HEAD_LAST4_CLS, -1, 3, "needs four blocks, and the encoder has 3" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error error = { 0 };
      struct dino_head *head = dino_head_new (1, rows[i].n_features, NULL);

      head->features = rows[i].given;
      head->block = rows[i].block;
      g_assert_cmpint (dino_head_resolve (head, 8, rows[i].n_blocks, &error), ==, rows[i].refusal == NULL);
      g_assert_cmpint (head->features, ==, rows[i].found);
      if (rows[i].refusal != NULL)
        {
          g_assert_cmpint (error.code, ==, DINO_CODE_MODEL);
          g_assert_nonnull (strstr (error.message, rows[i].refusal));
        }
      dino_head_free (head);
    }
  g_assert_cmpuint (dino_head_features_width (DINO_HEAD_UNKNOWN, 8), ==, 0);
}

static void
test_head_scores (void)
{
  const float       input[] = { 1, -2, 4 };
  struct dino_head *head = dino_head_new (2, 3, NULL);
  double            scores[2];

  memcpy (head->weight, ((const float[]){ 1, 2, 3, -1, 0, 0.5 }), 6 * sizeof (float));
  head->bias[0] = -8;
  dino_head_logits (head, input, scores);
  g_assert_cmpfloat (scores[0], ==, 1);
  g_assert_cmpfloat (scores[1], ==, 1);
  dino_head_scores (head, scores);
  g_assert_cmpfloat (scores[0], ==, 0.5);
  g_assert_cmpfloat (scores[1], ==, 0.5);
  head->task = DINO_HEAD_MULTILABEL;
  scores[0] = 0;
  scores[1] = 2;
  dino_head_scores (head, scores);
  g_assert_cmpfloat (scores[0], ==, 0.5);
  g_assert_cmpfloat_with_epsilon (scores[1], 1 / (1 + exp (-2)), 1e-15);
  head->task = DINO_HEAD_REGRESS;
  scores[0] = -7;
  dino_head_scores (head, scores);
  g_assert_cmpfloat (scores[0], ==, -7);

  g_assert_true (dino_head_is_for (head, "12"));
  head->model_sha256 = dino_strdup ("ab12", NULL);
  g_assert_true (dino_head_is_for (head, "AB12"));
  g_assert_false (dino_head_is_for (head, "ab13"));
  dino_head_free (head);
  dino_head_free (NULL);
}

/* Equal parts of the sorted values; equal values lie in one. */
static void
test_strata (void)
{
  static const double values[] = { 5, 1, 4, 2, 3, 6 }, equal[] = { 1, 1, 1, 1, 2, 2 };
  int                 strata[6];

  g_assert_true (dino_folds_stratify (values, 6, 3, strata, NULL));
  g_assert_cmpmem (strata, sizeof strata, ((const int[]){ 2, 0, 1, 0, 1, 2 }), sizeof strata);
  g_assert_true (dino_folds_stratify (equal, 6, 3, strata, NULL));
  for (int i = 1; i < 4; i++)
    g_assert_cmpint (strata[i], ==, strata[0]);
  g_assert_cmpint (strata[4], ==, strata[5]);
  g_assert_cmpint (strata[4], >, strata[0]);
  g_assert_true (dino_folds_stratify (values, 6, 1, strata, NULL));
  g_assert_cmpint (strata[0], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/labels/classes", test_classes);
  g_test_add_func ("/labels/colors", test_colors);
  g_test_add_func ("/labels/patches", test_labels);
  g_test_add_func ("/labels/scribbles", test_scribbles);
  g_test_add_func ("/labels/scribbles/order", test_scribbles_order);
  g_test_add_func ("/labels/overlap", test_overlap);
  g_test_add_func ("/labels/head/names", test_head_names);
  g_test_add_func ("/labels/head/resolve", test_head_resolve);
  g_test_add_func ("/labels/head/scores", test_head_scores);
  g_test_add_func ("/labels/strata", test_strata);
  return g_test_run ();
}
