/* config.json and preprocessor_config.json of a Hugging Face model directory. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"

/* The vision transformer's dimensions. T = 1 + registers + patches tokens. */
struct dino_config
{
  int   hidden_size;        /* D: channels of a token */
  int   n_blocks;           /* L: num_hidden_layers */
  int   n_heads;            /* heads of hidden_size / n_heads channels each */
  int   patch_size;         /* pixels on a side */
  int   image_size;         /* pixels on a side of the position table's picture */
  int   n_channels;         /* always 3 */
  int   mlp_size;           /* F: width of the MLP, or of each half of SwiGLU */
  int   n_registers;        /* register tokens between CLS and the patches */
  bool  swiglu;             /* SwiGLU instead of the GELU MLP */
  bool  qkv_bias;           /* query, key and value have a bias */
  bool  antialias_position; /* position table resized with antialiasing (register models) */
  float layer_norm_eps;
  char  model_type[64]; /* "dinov2", "dinov2_with_registers" */
};

/* The processor's preparation of a picture (BitImageProcessor). */
struct dino_processor
{
  bool   resize;                      /* Pillow's bicubic */
  int    shortest_edge;               /* pixels: short side of the result, which keeps its shape */
  int    resize_width, resize_height; /* pixels: instead, when not 0, exactly this size */
  bool   center_crop;
  int    crop_width, crop_height; /* pixels */
  double rescale_factor;          /* 1 when do_rescale is false */
  float  mean[3], std[3];         /* 0 and 1 when do_normalize is false */
};

/* Reads and checks a config.json: every number within the documented bounds,
 * heads dividing the width, unknown keys ignored, another model type refused. */
bool dino_config_read (const char *path, struct dino_config *config, struct dino_error *error);

/* Whether path is a configuration whose type is one of those supported,
 * however wrong the rest of it may be. */
bool dino_config_is_dinov2 (const char *path);

/* Reads and checks a preprocessor_config.json; resampling other than bicubic is refused. */
bool dino_processor_read (const char *path, struct dino_processor *processor, struct dino_error *error);

/* Patches on a side of the position table. */
int dino_config_table_side (const struct dino_config *config);

/* Channels of one head. */
int dino_config_head_size (const struct dino_config *config);
