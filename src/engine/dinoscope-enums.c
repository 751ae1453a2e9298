/* The types of public enumerations, and that they are core's numbers. */
#include "engine/dinoscope-enums.h"

#include "core/encoder/features.h"
#include "core/encoder/precision.h"
#include "core/maps/draw.h"
#include "core/picture/prepare.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-parameter.h"
#include "engine/dinoscope-plugin.h"

G_STATIC_ASSERT ((int) DINOSCOPE_PRECISION_FP32 == (int) DINO_PRECISION_FP32);
G_STATIC_ASSERT ((int) DINOSCOPE_PRECISION_BF16 == (int) DINO_PRECISION_BF16);
G_STATIC_ASSERT ((int) DINOSCOPE_PRECISION_INT8 == (int) DINO_PRECISION_INT8);
G_STATIC_ASSERT ((int) DINOSCOPE_PRECISION_INT8 == DINO_N_PRECISIONS - 1);
G_STATIC_ASSERT ((int) DINOSCOPE_KEEP_OUTPUT == (int) DINO_KEEP_OUTPUT);
G_STATIC_ASSERT ((int) DINOSCOPE_KEEP_HIDDEN_STATES == (int) DINO_KEEP_HIDDEN_STATES);
G_STATIC_ASSERT ((int) DINOSCOPE_KEEP_CLS_ATTENTION == (int) DINO_KEEP_CLS_ATTENTION);
G_STATIC_ASSERT ((int) DINOSCOPE_FIT_CROP == (int) DINO_FIT_CROP);
G_STATIC_ASSERT ((int) DINOSCOPE_FIT_PAD == (int) DINO_FIT_PAD);
G_STATIC_ASSERT ((int) DINOSCOPE_FIT_WHOLE == (int) DINO_FIT_WHOLE);
G_STATIC_ASSERT ((int) DINOSCOPE_MODEL_GREYS_MINMAX == (int) DINO_MODEL_INPUT_MINMAX);
G_STATIC_ASSERT ((int) DINOSCOPE_MODEL_GREYS_WINDOW == (int) DINO_MODEL_INPUT_WINDOW);
G_STATIC_ASSERT ((int) DINOSCOPE_MODEL_GREYS_PERCENTILE == (int) DINO_MODEL_INPUT_PERCENTILE);
G_STATIC_ASSERT ((int) DINOSCOPE_MODEL_GREYS_BSPLINE == (int) DINO_MODEL_INPUT_BSPLINE);
G_STATIC_ASSERT ((int) DINOSCOPE_INVERT_AUTO == (int) DINO_INVERT_AUTO);
G_STATIC_ASSERT ((int) DINOSCOPE_INVERT_YES == (int) DINO_INVERT_YES);
G_STATIC_ASSERT ((int) DINOSCOPE_INVERT_NO == (int) DINO_INVERT_NO);
G_STATIC_ASSERT ((int) DINOSCOPE_SMOOTH_CELLS == (int) DINO_SMOOTH_CELLS);
G_STATIC_ASSERT ((int) DINOSCOPE_SMOOTH_BILINEAR == (int) DINO_SMOOTH_BILINEAR);
G_STATIC_ASSERT ((int) DINOSCOPE_SMOOTH_GUIDED == (int) DINO_SMOOTH_GUIDED);
G_STATIC_ASSERT ((int) DINOSCOPE_FACET_QUERY == (int) DINO_FACET_QUERY);
G_STATIC_ASSERT ((int) DINOSCOPE_FACET_KEY == (int) DINO_FACET_KEY);
G_STATIC_ASSERT ((int) DINOSCOPE_FACET_VALUE == (int) DINO_FACET_VALUE);
G_STATIC_ASSERT ((int) DINOSCOPE_DIRECTION_QUERY == (int) DINO_DIRECTION_QUERY);
G_STATIC_ASSERT ((int) DINOSCOPE_DIRECTION_KEY == (int) DINO_DIRECTION_KEY);

G_DEFINE_ENUM_TYPE (DinoscopePrecision,
                    dinoscope_precision,
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PRECISION_FP32, "fp32"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PRECISION_BF16, "bf16"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PRECISION_INT8, "int8"))

G_DEFINE_FLAGS_TYPE (DinoscopeKeep,
                     dinoscope_keep,
                     G_DEFINE_ENUM_VALUE (DINOSCOPE_KEEP_OUTPUT, "output"),
                     G_DEFINE_ENUM_VALUE (DINOSCOPE_KEEP_HIDDEN_STATES, "hidden-states"),
                     G_DEFINE_ENUM_VALUE (DINOSCOPE_KEEP_CLS_ATTENTION, "cls-attention"))

G_DEFINE_ENUM_TYPE (DinoscopeFit,
                    dinoscope_fit,
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_FIT_CROP, "crop"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_FIT_PAD, "pad"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_FIT_WHOLE, "whole"))

G_DEFINE_ENUM_TYPE (DinoscopeModelGreys,
                    dinoscope_model_greys,
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_MODEL_GREYS_MINMAX, "minmax"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_MODEL_GREYS_WINDOW, "window"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_MODEL_GREYS_PERCENTILE, "percentile"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_MODEL_GREYS_BSPLINE, "bspline"))

G_DEFINE_ENUM_TYPE (DinoscopeInvert,
                    dinoscope_invert,
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_INVERT_AUTO, "auto"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_INVERT_YES, "yes"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_INVERT_NO, "no"))

G_DEFINE_ENUM_TYPE (DinoscopeSmooth,
                    dinoscope_smooth,
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_SMOOTH_CELLS, "cells"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_SMOOTH_BILINEAR, "bilinear"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_SMOOTH_GUIDED, "guided"))

G_DEFINE_ENUM_TYPE (DinoscopeFacet,
                    dinoscope_facet,
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_FACET_QUERY, "query"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_FACET_KEY, "key"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_FACET_VALUE, "value"))

G_DEFINE_ENUM_TYPE (DinoscopeDirection,
                    dinoscope_direction,
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_DIRECTION_QUERY, "query"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_DIRECTION_KEY, "key"))

G_DEFINE_ENUM_TYPE (DinoscopeError,
                    dinoscope_error,
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_ERROR_PICTURE, "picture"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_ERROR_MODEL, "model"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_ERROR_MEMORY, "memory"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_ERROR_PARAMETER, "parameter"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_ERROR_OVERLAY, "overlay"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_ERROR_WRITE, "write"))

G_DEFINE_ENUM_TYPE (DinoscopeParameterType,
                    dinoscope_parameter_type,
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PARAMETER_BOOL, "bool"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PARAMETER_INT, "int"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PARAMETER_DOUBLE, "double"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PARAMETER_ENUM, "enum"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PARAMETER_PATCH, "patch"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PARAMETER_PATCHES, "patches"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PARAMETER_FILE, "file"))

G_DEFINE_ENUM_TYPE (DinoscopePluginState,
                    dinoscope_plugin_state,
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PLUGIN_IN_USE, "in-use"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PLUGIN_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PLUGIN_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (DINOSCOPE_PLUGIN_LEFT_BEHIND, "left-behind"))
