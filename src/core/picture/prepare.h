/* From a decoded picture to the tensor that enters the encoder. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/model/config.h"
#include "core/picture/display.h"
#include "core/picture/geometry.h"
#include "core/picture/picture.h"

/* How the greys that the processor gets are made. The first three work on
 * modality values, MONOCHROME1 inverted (AUTO), padding left out of the ranges
 * (but see dino_model_minmax_range()). */
enum dino_model_input
{
  DINO_MODEL_INPUT_MINMAX,     /* smallest value 0, largest 255; 8-bit PNG and JPEG as they are */
  DINO_MODEL_INPUT_WINDOW,     /* the VOI step with voi, then as shown */
  DINO_MODEL_INPUT_PERCENTILE, /* clipped at DINO_PERCENTILE_LOW and DINO_PERCENTILE_HIGH, then min-max */
  DINO_MODEL_INPUT_BSPLINE     /* RAD-DINO's model card: stored values resized by B-spline, then min-max, cut to whole greys; AUTO does not invert */
};

struct dino_preparation
{
  enum dino_fit         fit;
  int                   input_size; /* 0: the processor's */
  enum dino_model_input model_input;
  enum dino_invert      invert;
  struct dino_display   voi;   /* the values of interest that are shown, and with WINDOW encoded */
  int                   frame; /* of a DICOM file: 0 takes the only one, else its number from 1 */
};

const char *dino_model_input_name (enum dino_model_input model_input); /* "minmax" … */
bool        dino_model_input_parse (const char *name, enum dino_model_input *model_input);

/* Whether the model gets stored values inverted. AUTO: MONOCHROME1; with WINDOW
 * as shown (dino_display_is_inverted()), and never with BSPLINE. */
bool dino_model_is_inverted (const struct dino_picture *picture, const struct dino_preparation *preparation);

/* The modality values that MINMAX takes to 0 and 255; of 8-bit pictures 0 and
 * 255. Padding is left out, unless its values join those of the picture without
 * a gap (padding 0 … 30, picture 31 … 3471): then it does count, as it does for
 * programs that do not know padding, and the range grows by no more than the
 * padding's own width. Grey only. */
void dino_model_minmax_range (const struct dino_picture *picture, double *low, double *high);

/* table[sample] = the model's grey of a sample before it is rounded, 0 … 255,
 * for [dino_picture_n_levels()] samples of a grey picture; not for BSPLINE,
 * which resizes first. A flat picture is black. */
bool dino_model_table (const struct dino_picture *picture, const struct dino_preparation *preparation, double *table, struct dino_error *error);

/* The 8-bit picture [height, width, channels] that the processor starts from:
 * dino_model_table() rounded to the nearest, half up before it is inverted.
 * dino_free() it. */
uint8_t *dino_picture_to_8bit (const struct dino_picture *picture, const struct dino_preparation *preparation, struct dino_error *error);

/* The 8-bit picture [height, width] of BSPLINE: the stored values through
 * dino_resize_bspline(), then (v - smallest) / (largest - smallest) * 255 in
 * double, cut to whole greys; padding counts, and the modality is not looked
 * at. Inverted: 255 less that. A flat picture is black. Grey only. dino_free() it. */
uint8_t *dino_picture_to_8bit_bspline (const struct dino_picture     *picture,
                                       const struct dino_preparation *preparation,
                                       int                            width,
                                       int                            height,
                                       struct dino_error             *error);

/* Sizes and crop of a preparation: dino_geometry_init(), rounded for BSPLINE. */
bool dino_preparation_geometry (const struct dino_preparation *preparation,
                                const struct dino_processor   *processor,
                                int                            patch,
                                int                            width,
                                int                            height,
                                struct dino_geometry          *geometry,
                                struct dino_error             *error);

/* pixel_values [3, geometry->input_height, geometry->input_width]: resize,
 * crop or pad, rescale (double, then float32), normalise (float32), as
 * BitImageProcessor with Pillow. Grey gives three equal planes. geometry must
 * be dino_preparation_geometry() of this picture. */
bool dino_prepare (const struct dino_picture     *picture,
                   const struct dino_processor   *processor,
                   const struct dino_preparation *preparation,
                   const struct dino_geometry    *geometry,
                   float                         *pixel_values,
                   struct dino_error             *error);

/* The preparation in one machine-readable line for sidecars and metadata:
 * "fit=crop input-size=518 model-input=minmax invert=auto inverted=no exif=none".
 * input-size is the input's short side; inverted is what came of invert for the
 * model; exif is none (nothing to turn), applied or ignored. With WINDOW,
 * " window=" (as asked, dino_display_format()) and " window-applied=" (what it
 * came to, "file:0" for a table) stand before exif; a DICOM file's frame that
 * was asked for behind it (" frame=1"). Cut to length. */
#define DINO_PREPARATION_LENGTH 512
void dino_preparation_describe (const struct dino_preparation *preparation,
                                const struct dino_geometry    *geometry,
                                const struct dino_picture     *picture,
                                char                          *buffer,
                                size_t                         length);
