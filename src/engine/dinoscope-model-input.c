#include "engine/dinoscope-model-input.h"

#include <math.h>

struct _DinoscopeModelInput
{
  GObject parent_instance;

  struct dino_geometry geometry;
  GBytes              *values;
  GBytes              *greys;
  char                *preparation;
  double               low, high, mean;
  guint                grey_low, grey_high;
  gboolean             grey;
};

G_DEFINE_FINAL_TYPE (DinoscopeModelInput, dinoscope_model_input, G_TYPE_OBJECT)

static void
dinoscope_model_input_finalize (GObject *object)
{
  DinoscopeModelInput *self = DINOSCOPE_MODEL_INPUT (object);

  g_clear_pointer (&self->values, g_bytes_unref);
  g_clear_pointer (&self->greys, g_bytes_unref);
  g_free (self->preparation);
  G_OBJECT_CLASS (dinoscope_model_input_parent_class)->finalize (object);
}

static void
dinoscope_model_input_class_init (DinoscopeModelInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_model_input_finalize;
}

static void
dinoscope_model_input_init (DinoscopeModelInput *self)
{
}

static gsize
count_pixels (const struct dino_geometry *geometry)
{
  return (gsize) geometry->input_width * (gsize) geometry->input_height;
}

static void
measure_values (DinoscopeModelInput *self)
{
  const float *values = g_bytes_get_data (self->values, NULL);
  gsize        n = 3 * count_pixels (&self->geometry);
  double       sum = 0;

  self->low = G_MAXDOUBLE;
  self->high = -G_MAXDOUBLE;
  for (gsize i = 0; i < n; i++)
    {
      self->low = MIN (self->low, (double) values[i]);
      self->high = MAX (self->high, (double) values[i]);
      sum += (double) values[i];
    }
  self->mean = sum / (double) n;
}

/* Back through normalising and rescaling: each value stands for one of 256 greys. */
static guint8
find_grey (const struct dino_processor *processor, int channel, float value)
{
  double grey = ((double) value * (double) processor->std[channel] + (double) processor->mean[channel]) / processor->rescale_factor;

  return (guint8) CLAMP (round (grey), 0, 255);
}

static void
recover_greys (DinoscopeModelInput *self, const struct dino_processor *processor)
{
  const float *values = g_bytes_get_data (self->values, NULL);
  gsize        n = count_pixels (&self->geometry);
  guint8      *greys = g_malloc (3 * n);

  self->grey_low = 255;
  self->grey = TRUE;
  for (gsize i = 0; i < n; i++)
    {
      guint8 *pixel = greys + 3 * i;

      for (int channel = 0; channel < 3; channel++)
        {
          pixel[channel] = find_grey (processor, channel, values[(gsize) channel * n + i]);
          self->grey_low = MIN (self->grey_low, pixel[channel]);
          self->grey_high = MAX (self->grey_high, pixel[channel]);
        }
      self->grey = self->grey && pixel[0] == pixel[1] && pixel[0] == pixel[2];
    }
  self->greys = g_bytes_new_take (greys, 3 * n);
}

DinoscopeModelInput *
dinoscope_model_input_new (GBytes *values, const struct dino_geometry *geometry, const struct dino_processor *processor, const char *preparation)
{
  DinoscopeModelInput *self;

  g_return_val_if_fail (values != NULL && geometry != NULL && processor != NULL, NULL);
  g_return_val_if_fail (g_bytes_get_size (values) == 3 * count_pixels (geometry) * sizeof (float), NULL);

  self = g_object_new (DINOSCOPE_TYPE_MODEL_INPUT, NULL);
  self->geometry = *geometry;
  self->values = g_bytes_ref (values);
  self->preparation = g_strdup (preparation);
  measure_values (self);
  recover_greys (self, processor);
  return self;
}

int
dinoscope_model_input_get_width (DinoscopeModelInput *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MODEL_INPUT (self), 0);
  return self->geometry.input_width;
}

int
dinoscope_model_input_get_height (DinoscopeModelInput *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MODEL_INPUT (self), 0);
  return self->geometry.input_height;
}

GBytes *
dinoscope_model_input_get_values (DinoscopeModelInput *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MODEL_INPUT (self), NULL);
  return self->values;
}

GBytes *
dinoscope_model_input_get_greys (DinoscopeModelInput *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MODEL_INPUT (self), NULL);
  return self->greys;
}

const struct dino_geometry *
dinoscope_model_input_get_geometry (DinoscopeModelInput *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MODEL_INPUT (self), NULL);
  return &self->geometry;
}

const char *
dinoscope_model_input_get_preparation (DinoscopeModelInput *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MODEL_INPUT (self), NULL);
  return self->preparation;
}

void
dinoscope_model_input_get_range (DinoscopeModelInput *self, double *low, double *high, double *mean)
{
  g_return_if_fail (DINOSCOPE_IS_MODEL_INPUT (self));
  *low = self->low;
  *high = self->high;
  *mean = self->mean;
}

void
dinoscope_model_input_get_grey_range (DinoscopeModelInput *self, guint *low, guint *high)
{
  g_return_if_fail (DINOSCOPE_IS_MODEL_INPUT (self));
  *low = self->grey_low;
  *high = self->grey_high;
}

gboolean
dinoscope_model_input_is_grey (DinoscopeModelInput *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MODEL_INPUT (self), FALSE);
  return self->grey;
}

gboolean
dinoscope_model_input_find_pixel (DinoscopeModelInput *self, double x, double y, int *column, int *row)
{
  const struct dino_geometry *geometry = &self->geometry;
  double                      input_x = floor (x * geometry->resized_width / geometry->width - geometry->left);
  double                      input_y = floor (y * geometry->resized_height / geometry->height - geometry->top);

  g_return_val_if_fail (DINOSCOPE_IS_MODEL_INPUT (self), FALSE);

  if (!(input_x >= 0 && input_y >= 0 && input_x < geometry->input_width && input_y < geometry->input_height))
    return FALSE;
  *column = (int) input_x;
  *row = (int) input_y;
  return TRUE;
}
