/* Configurations, field by field. */
#pragma once

#include <glib.h>

#include "core/model/config.h"

static inline void
assert_same_config (const struct dino_config *config, const struct dino_config *expected)
{
  g_assert_cmpint (config->hidden_size, ==, expected->hidden_size);
  g_assert_cmpint (config->n_blocks, ==, expected->n_blocks);
  g_assert_cmpint (config->n_heads, ==, expected->n_heads);
  g_assert_cmpint (config->patch_size, ==, expected->patch_size);
  g_assert_cmpint (config->image_size, ==, expected->image_size);
  g_assert_cmpint (config->n_channels, ==, expected->n_channels);
  g_assert_cmpint (config->mlp_size, ==, expected->mlp_size);
  g_assert_cmpint (config->n_registers, ==, expected->n_registers);
  g_assert_cmpint (config->swiglu, ==, expected->swiglu);
  g_assert_cmpint (config->qkv_bias, ==, expected->qkv_bias);
  g_assert_cmpint (config->antialias_position, ==, expected->antialias_position);
  g_assert_cmpfloat (config->layer_norm_eps, ==, expected->layer_norm_eps);
  g_assert_cmpstr (config->model_type, ==, expected->model_type);
}

static inline void
assert_same_processor (const struct dino_processor *processor, const struct dino_processor *expected)
{
  g_assert_cmpint (processor->resize, ==, expected->resize);
  g_assert_cmpint (processor->shortest_edge, ==, expected->shortest_edge);
  g_assert_cmpint (processor->resize_width, ==, expected->resize_width);
  g_assert_cmpint (processor->resize_height, ==, expected->resize_height);
  g_assert_cmpint (processor->center_crop, ==, expected->center_crop);
  g_assert_cmpint (processor->crop_width, ==, expected->crop_width);
  g_assert_cmpint (processor->crop_height, ==, expected->crop_height);
  g_assert_cmpfloat (processor->rescale_factor, ==, expected->rescale_factor);
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpfloat (processor->mean[i], ==, expected->mean[i]);
      g_assert_cmpfloat (processor->std[i], ==, expected->std[i]);
    }
}
