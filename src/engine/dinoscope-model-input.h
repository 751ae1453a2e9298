#pragma once

#include <gio/gio.h>

#include "core/model/config.h"
#include "core/picture/geometry.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MODEL_INPUT (dinoscope_model_input_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeModelInput, dinoscope_model_input, DINOSCOPE, MODEL_INPUT, GObject)

/* The tensor that enters the encoder, pixel_values [3, height, width], with
 * its numbers and the greys that it was made of. Immutable. */

/* values (float32, [3, geometry->input_height, geometry->input_width]) as
 * dino_prepare() made them with processor; preparation is the line that says how. */
DinoscopeModelInput *dinoscope_model_input_new (GBytes *values, const struct dino_geometry *geometry, const struct dino_processor *processor, const char *preparation);

/* (transfer none): float32 in host order, [3, height, width]. */
GBytes *dinoscope_model_input_get_values (DinoscopeModelInput *self);

/* (transfer none): the 8-bit picture before rescaling and normalising, [height, width, 3]. */
GBytes *dinoscope_model_input_get_greys (DinoscopeModelInput *self);

const struct dino_geometry *dinoscope_model_input_get_geometry (DinoscopeModelInput *self);
const char                 *dinoscope_model_input_get_preparation (DinoscopeModelInput *self);

/* Smallest, largest and mean value of the tensor; of the greys smallest and largest. */
void dinoscope_model_input_get_range (DinoscopeModelInput *self, double *low, double *high, double *mean);
void dinoscope_model_input_get_grey_range (DinoscopeModelInput *self, guint *low, guint *high);

/* TRUE when the three planes show the same greys. */
gboolean dinoscope_model_input_is_grey (DinoscopeModelInput *self);

/* The tensor's pixel at a point of the original; FALSE outside what the model saw. */
gboolean dinoscope_model_input_find_pixel (DinoscopeModelInput *self, double x, double y, int *column, int *row);

G_END_DECLS
