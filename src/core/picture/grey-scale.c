#include "core/picture/grey-scale.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

struct dino_lut *
dino_lut_new (size_t n, struct dino_error *error)
{
  struct dino_lut *lut;

  if (n < 1 || n > 65536)
    {
      dino_error_set (error, DINO_CODE_FORMAT, _ ("A lookup table cannot have %zu entries."), n);
      return NULL;
    }
  lut = dino_alloc_zeroed (1, sizeof *lut, error);
  if (lut == NULL)
    return NULL;
  lut->n = n;
  lut->entries = dino_alloc (n, sizeof *lut->entries, error);
  if (lut->entries != NULL)
    return lut;
  dino_free (lut);
  return NULL;
}

void
dino_lut_free (struct dino_lut *lut)
{
  if (lut == NULL)
    return;
  dino_free (lut->entries);
  dino_free (lut);
}

double
dino_lut_value (const struct dino_lut *lut, double value)
{
  double place = value - lut->first;

  if (!(place > 0))
    return lut->entries[0];
  if (place >= (double) (lut->n - 1))
    return lut->entries[lut->n - 1];
  return lut->entries[(size_t) place];
}

/* Between the two ends of a window that starts at begin; a window without
 * width is a threshold. */
static double
ramp (double value, double begin, double width, double low, double high)
{
  if (value <= begin)
    return low;
  if (value > begin + width)
    return high;
  return (value - begin) / width * (high - low) + low;
}

double
dino_window_value (const struct dino_window *window, double value, double low, double high)
{
  switch (window->function)
    {
    case DINO_VOI_SIGMOID:
      return (high - low) / (1 + exp (-4 * (value - window->center) / window->width)) + low;
    case DINO_VOI_LINEAR_EXACT:
      return ramp (value, window->center - window->width / 2, window->width, low, high);
    case DINO_VOI_LINEAR:
    default:
      return ramp (value, window->center - 0.5 - (window->width - 1) / 2, window->width - 1, low, high);
    }
}

static const char *const function_names[] = {
  [DINO_VOI_LINEAR] = "linear",
  [DINO_VOI_LINEAR_EXACT] = "linear-exact",
  [DINO_VOI_SIGMOID] = "sigmoid",
};

const char *
dino_voi_function_name (enum dino_voi_function function)
{
  return function_names[function];
}

bool
dino_voi_function_parse (const char *name, enum dino_voi_function *function)
{
  for (size_t i = 0; i < sizeof function_names / sizeof *function_names; i++)
    if (strcmp (name, function_names[i]) == 0)
      {
        *function = (enum dino_voi_function) i;
        return true;
      }
  return false;
}

struct dino_grey_scale *
dino_grey_scale_new (struct dino_error *error)
{
  struct dino_grey_scale *grey = dino_alloc_zeroed (1, sizeof *grey, error);

  if (grey != NULL)
    grey->slope = 1;
  return grey;
}

void
dino_grey_scale_free (struct dino_grey_scale *grey)
{
  if (grey == NULL)
    return;
  dino_lut_free (grey->modality);
  for (size_t i = 0; i < grey->n_voi; i++)
    dino_lut_free (grey->voi[i].lut);
  dino_free (grey->voi);
  dino_free (grey);
}

bool
dino_grey_scale_set_n_voi (struct dino_grey_scale *grey, size_t n, struct dino_error *error)
{
  if (n > DINO_VOI_MAX)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("%zu windows and lookup tables are too many; at most %d are read."), n, DINO_VOI_MAX);
  grey->voi = dino_alloc_zeroed (n, sizeof *grey->voi, error);
  if (grey->voi == NULL)
    return false;
  grey->n_voi = n;
  return true;
}

double
dino_grey_scale_modality (const struct dino_grey_scale *grey, int stored)
{
  if (grey == NULL)
    return stored;
  if (grey->modality != NULL)
    return dino_lut_value (grey->modality, stored);
  return stored * grey->slope + grey->intercept;
}
