/* From a decoded picture to the tensor that enters the encoder. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/model/config.h"
#include "core/picture/geometry.h"
#include "core/picture/picture.h"

/* How more than 8 bits become 8. */
enum dino_model_input
{
  DINO_MODEL_INPUT_MINMAX /* smallest value 0, largest 255, rounded to nearest */
};

enum dino_invert
{
  DINO_INVERT_AUTO, /* as the file says; PNG and JPEG say nothing and are left as they are */
  DINO_INVERT_YES,
  DINO_INVERT_NO
};

struct dino_preparation
{
  enum dino_fit         fit;
  int                   input_size; /* 0: the processor's */
  enum dino_model_input model_input;
  enum dino_invert      invert;
};

/* The 8-bit picture [height, width, channels] that the processor starts from:
 * 8-bit samples as they are, 16-bit grey by model_input; inverted when asked.
 * Also what the window and exports show. dino_free() it. */
uint8_t *dino_picture_to_8bit (const struct dino_picture *picture, const struct dino_preparation *preparation, struct dino_error *error);

/* pixel_values [3, geometry->input_height, geometry->input_width]: resize,
 * crop or pad, rescale (double, then float32), normalise (float32), as
 * BitImageProcessor with Pillow. Grey gives three equal planes. geometry must
 * be of this picture's size. */
bool dino_prepare (const struct dino_picture     *picture,
                   const struct dino_processor   *processor,
                   const struct dino_preparation *preparation,
                   const struct dino_geometry    *geometry,
                   float                         *pixel_values,
                   struct dino_error             *error);

/* The preparation in one machine-readable line for sidecars and metadata:
 * "fit=crop input-size=518 model-input=minmax invert=auto exif=applied".
 * input-size is the input's short side; exif is none (nothing to turn),
 * applied or ignored. Cut to length. */
void dino_preparation_describe (const struct dino_preparation *preparation,
                                const struct dino_geometry    *geometry,
                                const struct dino_picture     *picture,
                                char                          *buffer,
                                size_t                         length);
