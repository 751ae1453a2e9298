#include "app/dinoscope-preparation-words.h"

#include <glib/gi18n-lib.h>

/* Shares below this are shown as 0.0 %. */
#define SMALLEST_SHARE 0.0005

char *
dinoscope_preparation_unseen (const struct dino_geometry *geometry)
{
  double unseen = 1 - dino_geometry_seen_share (geometry);

  return unseen >= SMALLEST_SHARE ? g_strdup_printf (_ ("%.1f\u202f%% of the picture is not seen"), 100 * unseen) : NULL;
}

static void
append_part (GString *text, const char *part)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", part);
}

static void
append_greys (GString *text, const struct dino_preparation *preparation)
{
  switch (preparation->model_input)
    {
    case DINO_MODEL_INPUT_WINDOW:
      append_part (text, _ ("Window applied"));
      break;
    case DINO_MODEL_INPUT_PERCENTILE:
      append_part (text, _ ("Percentile clip"));
      break;
    case DINO_MODEL_INPUT_BSPLINE:
      append_part (text, _ ("Model card’s B-spline"));
      break;
    case DINO_MODEL_INPUT_MINMAX:
    default:
      break;
    }
  if (preparation->invert == DINO_INVERT_YES)
    append_part (text, text->len > 0 ? _ ("inverted as asked") : _ ("Inverted as asked"));
  else if (preparation->invert == DINO_INVERT_NO)
    append_part (text, text->len > 0 ? _ ("not inverted as asked") : _ ("Not inverted as asked"));
}

static gboolean
is_same_box (const struct dino_geometry *one, const struct dino_geometry *other)
{
  return one->resized_width == other->resized_width && one->resized_height == other->resized_height && one->left == other->left && one->top == other->top &&
         one->rows == other->rows && one->columns == other->columns;
}

/* In what a preparation is not the processor's own; NULL when it is. */
static char *
describe_difference (const struct dino_preparation *preparation, const struct dino_geometry *geometry, const struct dino_geometry *own)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char    *grid = NULL;

  if (is_same_box (geometry, own))
    {
      append_greys (text, preparation);
      return text->len > 0 ? g_strdup_printf (_ ("%s — not the processor’s own"), text->str) : NULL;
    }
  if (preparation->fit == DINO_FIT_PAD)
    append_part (text, _ ("Padded"));
  else if (preparation->fit == DINO_FIT_WHOLE)
    append_part (text, _ ("Whole picture"));
  append_greys (text, preparation);
  grid = g_strdup_printf (_ ("%d × %d patches"), geometry->columns, geometry->rows);
  append_part (text, grid);
  return g_strdup_printf (_ ("%s — not what the model was trained with"), text->str);
}

char *
dinoscope_preparation_badge (const struct dino_preparation *preparation, const struct dino_geometry *geometry, const struct dino_geometry *own)
{
  g_autofree char *unseen = dinoscope_preparation_unseen (geometry);
  g_autofree char *difference = describe_difference (preparation, geometry, own);

  if (difference == NULL || unseen == NULL)
    return difference != NULL ? g_steal_pointer (&difference) : g_steal_pointer (&unseen);
  return g_strdup_printf ("%s\n%s", difference, unseen);
}

/* Multiplications of all blocks: linear layers by the tokens, attention by their square. */
static double
count_work (const struct dino_config *config, int rows, int columns)
{
  double tokens = 1.0 + config->n_registers + (double) rows * columns;
  double width = config->hidden_size;
  double mlp = (config->swiglu ? 3.0 : 2.0) * width * config->mlp_size;

  return tokens * (4 * width * width + mlp) + 2 * tokens * tokens * width;
}

double
dinoscope_preparation_work (const struct dino_config *config, int rows, int columns, int other_rows, int other_columns)
{
  return count_work (config, rows, columns) / count_work (config, other_rows, other_columns);
}

char *
dinoscope_preparation_cost (const struct dino_geometry *geometry, const struct dino_geometry *own, double work, gsize memory)
{
  g_autofree char *size = g_strdup_printf (_ ("%d × %d px, %d × %d patches"), geometry->input_width, geometry->input_height, geometry->columns, geometry->rows);
  g_autofree char *bytes = NULL;

  if (geometry->rows == own->rows && geometry->columns == own->columns)
    return g_steal_pointer (&size);
  bytes = g_format_size (memory);
  return g_strdup_printf (_ ("%s\n%.*f times the work, %s of memory"), size, work < 10 ? 1 : 0, work, bytes);
}

const char *
dinoscope_preparation_fit_words (enum dino_fit fit)
{
  switch (fit)
    {
    case DINO_FIT_PAD:
      return _ ("All of it in the processor’s square, black around it");
    case DINO_FIT_WHOLE:
      return _ ("All of it in its own shape, no square");
    case DINO_FIT_CROP:
    default:
      return _ ("The processor’s own");
    }
}

const char *
dinoscope_preparation_greys_words (enum dino_model_input model_input, const struct dino_picture *picture)
{
  if (picture != NULL && picture->channels == 3)
    return model_input == DINO_MODEL_INPUT_MINMAX ? _ ("Colours as they are") : _ ("For grey pictures only");
  switch (model_input)
    {
    case DINO_MODEL_INPUT_WINDOW:
      return _ ("Window and level as the picture is shown");
    case DINO_MODEL_INPUT_PERCENTILE:
      return _ ("Cut at the 1st and 99th percentile, then min–max");
    case DINO_MODEL_INPUT_BSPLINE:
      return _ ("Stored values resized by B-spline, then min–max");
    case DINO_MODEL_INPUT_MINMAX:
    default:
      return picture != NULL && picture->bits == 8 ? _ ("8-bit greys as they are") : _ ("From the smallest to the largest value");
    }
}

const char *
dinoscope_preparation_invert_words (const struct dino_preparation *preparation, const struct dino_picture *picture)
{
  if (picture == NULL)
    return "";
  if (preparation->invert == DINO_INVERT_AUTO && preparation->model_input == DINO_MODEL_INPUT_BSPLINE && picture->grey != NULL && picture->grey->monochrome1)
    return _ ("Not inverted, as on the model card");
  if (preparation->invert == DINO_INVERT_YES)
    return _ ("Against the file: shown and encoded as the negative");
  if (preparation->invert == DINO_INVERT_NO)
    return _ ("Against the file: shown and encoded as stored");
  return dino_model_is_inverted (picture, preparation) ? _ ("Stored values are exchanged, smallest is white") : _ ("Stored values as they are");
}
