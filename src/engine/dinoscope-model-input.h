#pragma once

#include <gio/gio.h>

#ifdef DINOSCOPE_INTERNAL
#include "core/model/config.h"
#include "core/picture/geometry.h"
#endif

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MODEL_INPUT (dinoscope_model_input_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeModelInput, dinoscope_model_input, DINOSCOPE, MODEL_INPUT, GObject)

/**
 * DinoscopeModelInput:
 *
 * The tensor that enters the encoder, pixel_values [3, height, width], with
 * its numbers and the greys that it was made of. Immutable.
 *
 * Made by [method@Dinoscope.Engine.prepare].
 */

#ifdef DINOSCOPE_INTERNAL
/* values (float32, [3, geometry->input_height, geometry->input_width]) as
 * dino_prepare() made them with processor; preparation is the line that says how. */
DinoscopeModelInput *dinoscope_model_input_new (GBytes *values, const struct dino_geometry *geometry, const struct dino_processor *processor, const char *preparation);

const struct dino_geometry *dinoscope_model_input_get_geometry (DinoscopeModelInput *self);
#endif

/**
 * dinoscope_model_input_get_width:
 * @self: a tensor
 *
 * Gets the number of columns.
 *
 * Returns: pixels of the tensor
 */
int dinoscope_model_input_get_width (DinoscopeModelInput *self);

/**
 * dinoscope_model_input_get_height:
 * @self: a tensor
 *
 * Gets the number of rows.
 *
 * Returns: pixels of the tensor
 */
int dinoscope_model_input_get_height (DinoscopeModelInput *self);

/**
 * dinoscope_model_input_get_values:
 * @self: a tensor
 *
 * Gets the numbers, [3, height, width], float32 in host order.
 *
 * Returns: (transfer none): the numbers
 */
GBytes *dinoscope_model_input_get_values (DinoscopeModelInput *self);

/**
 * dinoscope_model_input_get_greys:
 * @self: a tensor
 *
 * Gets the 8-bit picture before rescaling and normalising, [height, width, 3].
 *
 * Returns: (transfer none): the pixels
 */
GBytes *dinoscope_model_input_get_greys (DinoscopeModelInput *self);

/**
 * dinoscope_model_input_get_preparation:
 * @self: a tensor
 *
 * Says in one line, for programs, how the picture was prepared.
 *
 * Returns: (transfer none): "fit=crop input-size=518 …"
 */
const char *dinoscope_model_input_get_preparation (DinoscopeModelInput *self);

/**
 * dinoscope_model_input_get_range:
 * @self: a tensor
 * @low: (out): smallest value
 * @high: (out): largest value
 * @mean: (out): mean value
 *
 * Gets what the values come to.
 */
void dinoscope_model_input_get_range (DinoscopeModelInput *self, double *low, double *high, double *mean);

/**
 * dinoscope_model_input_get_grey_range:
 * @self: a tensor
 * @low: (out): smallest grey, 0 … 255
 * @high: (out): largest grey
 *
 * Gets what the greys come to.
 */
void dinoscope_model_input_get_grey_range (DinoscopeModelInput *self, guint *low, guint *high);

/**
 * dinoscope_model_input_is_grey:
 * @self: a tensor
 *
 * Tells whether the three planes show the same greys.
 *
 * Returns: %TRUE when they do
 */
gboolean dinoscope_model_input_is_grey (DinoscopeModelInput *self);

/**
 * dinoscope_model_input_find_pixel:
 * @self: a tensor
 * @x: from the left, pixels of the original
 * @y: from the top
 * @column: (out): the tensor's column
 * @row: (out): the tensor's row
 *
 * Finds the tensor's pixel at a point of the picture.
 *
 * Returns: %FALSE outside what the model saw
 */
gboolean dinoscope_model_input_find_pixel (DinoscopeModelInput *self, double x, double y, int *column, int *row);

G_END_DECLS
