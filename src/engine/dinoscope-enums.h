#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * DinoscopePrecision:
 * @DINOSCOPE_PRECISION_FP32: float32 throughout
 * @DINOSCOPE_PRECISION_BF16: products of bfloat16, summed in float32
 * @DINOSCOPE_PRECISION_INT8: linear layers in 8 bits where that is harmless, else as BF16
 *
 * What an encoder computes in. All but float32 need a processor with AVX-512
 * BF16 and VNNI, or AMX.
 */
typedef enum
{
  DINOSCOPE_PRECISION_FP32,
  DINOSCOPE_PRECISION_BF16,
  DINOSCOPE_PRECISION_INT8
} DinoscopePrecision;

/**
 * DinoscopeKeep:
 * @DINOSCOPE_KEEP_OUTPUT: the model's output, which is always kept
 * @DINOSCOPE_KEEP_HIDDEN_STATES: the input of every block and the last block's
 *   output; needed for maps of blocks, facets and the attention of patches
 * @DINOSCOPE_KEEP_CLS_ATTENTION: what CLS attends to, every block and head
 *
 * What is kept of a forward pass.
 */
typedef enum
{
  DINOSCOPE_KEEP_OUTPUT = 0,
  DINOSCOPE_KEEP_HIDDEN_STATES = 1 << 0,
  DINOSCOPE_KEEP_CLS_ATTENTION = 1 << 1
} DinoscopeKeep;

/**
 * DinoscopeFit:
 * @DINOSCOPE_FIT_CROP: the processor's centre crop
 * @DINOSCOPE_FIT_PAD: all of the picture, long side to the input size, centred, zeros around
 * @DINOSCOPE_FIT_WHOLE: short side as usual, nothing cropped but the remainder
 *   of the patch; position embeddings are interpolated
 *
 * What the encoder gets of a picture that is not square.
 */
typedef enum
{
  DINOSCOPE_FIT_CROP,
  DINOSCOPE_FIT_PAD,
  DINOSCOPE_FIT_WHOLE
} DinoscopeFit;

/**
 * DinoscopeModelGreys:
 * @DINOSCOPE_MODEL_GREYS_MINMAX: smallest value 0, largest 255; 8-bit PNG and JPEG as they are
 * @DINOSCOPE_MODEL_GREYS_WINDOW: as they are shown
 * @DINOSCOPE_MODEL_GREYS_PERCENTILE: clipped at percentiles 1 and 99, then from smallest to largest
 * @DINOSCOPE_MODEL_GREYS_BSPLINE: RAD-DINO's model card: stored values resized
 *   by B-spline, then from smallest to largest
 *
 * How the greys that the encoder gets are made of a DICOM or 16-bit picture.
 */
typedef enum
{
  DINOSCOPE_MODEL_GREYS_MINMAX,
  DINOSCOPE_MODEL_GREYS_WINDOW,
  DINOSCOPE_MODEL_GREYS_PERCENTILE,
  DINOSCOPE_MODEL_GREYS_BSPLINE
} DinoscopeModelGreys;

/**
 * DinoscopeInvert:
 * @DINOSCOPE_INVERT_AUTO: as the file says; PNG and JPEG are left as they are
 * @DINOSCOPE_INVERT_YES: exchanged
 * @DINOSCOPE_INVERT_NO: left as stored
 *
 * Exchange of black and white.
 */
typedef enum
{
  DINOSCOPE_INVERT_AUTO,
  DINOSCOPE_INVERT_YES,
  DINOSCOPE_INVERT_NO
} DinoscopeInvert;

/**
 * DinoscopeSmooth:
 * @DINOSCOPE_SMOOTH_CELLS: patches as cells
 * @DINOSCOPE_SMOOTH_BILINEAR: linear between the centres of patches
 * @DINOSCOPE_SMOOTH_GUIDED: joint bilateral, guided by the picture (Kopf et al. 2007)
 *
 * What is drawn between the centres of patches.
 */
typedef enum
{
  DINOSCOPE_SMOOTH_CELLS,
  DINOSCOPE_SMOOTH_BILINEAR,
  DINOSCOPE_SMOOTH_GUIDED
} DinoscopeSmooth;

/**
 * DinoscopeFacet:
 * @DINOSCOPE_FACET_QUERY: what a token asks for
 * @DINOSCOPE_FACET_KEY: what a token is found by
 * @DINOSCOPE_FACET_VALUE: what a token gives
 *
 * Parts of a block's attention.
 */
typedef enum
{
  DINOSCOPE_FACET_QUERY,
  DINOSCOPE_FACET_KEY,
  DINOSCOPE_FACET_VALUE
} DinoscopeFacet;

/**
 * DinoscopeDirection:
 * @DINOSCOPE_DIRECTION_QUERY: what the token attends to
 * @DINOSCOPE_DIRECTION_KEY: what attends to the token
 *
 * Which way attention is looked at.
 */
typedef enum
{
  DINOSCOPE_DIRECTION_QUERY,
  DINOSCOPE_DIRECTION_KEY
} DinoscopeDirection;

#define DINOSCOPE_TYPE_PRECISION (dinoscope_precision_get_type ())
GType dinoscope_precision_get_type (void);

#define DINOSCOPE_TYPE_KEEP (dinoscope_keep_get_type ())
GType dinoscope_keep_get_type (void);

#define DINOSCOPE_TYPE_FIT (dinoscope_fit_get_type ())
GType dinoscope_fit_get_type (void);

#define DINOSCOPE_TYPE_MODEL_GREYS (dinoscope_model_greys_get_type ())
GType dinoscope_model_greys_get_type (void);

#define DINOSCOPE_TYPE_INVERT (dinoscope_invert_get_type ())
GType dinoscope_invert_get_type (void);

#define DINOSCOPE_TYPE_SMOOTH (dinoscope_smooth_get_type ())
GType dinoscope_smooth_get_type (void);

#define DINOSCOPE_TYPE_FACET (dinoscope_facet_get_type ())
GType dinoscope_facet_get_type (void);

#define DINOSCOPE_TYPE_DIRECTION (dinoscope_direction_get_type ())
GType dinoscope_direction_get_type (void);

G_END_DECLS
