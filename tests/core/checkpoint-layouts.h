/* A checkpoint with Hugging Face's names, rewritten as others publish it. */
#pragma once

#include "checkpoint-edit.h"

/* New names, by pairs of what is replaced. */
static inline void
layout_replace (GPtrArray *tensors, const char *const pairs[][2], gsize n_pairs)
{
  for (guint i = 0; i < tensors->len; i++)
    {
      struct edit_tensor *tensor = tensors->pdata[i];
      g_autoptr (GString) name = g_string_new (tensor->name);

      for (gsize j = 0; j < n_pairs; j++)
        g_string_replace (name, pairs[j][0], pairs[j][1], 1);
      g_free (tensor->name);
      tensor->name = g_strdup (name->str);
    }
}

static inline gboolean
layout_has (GPtrArray *tensors, const char *name)
{
  for (guint i = 0; i < tensors->len; i++)
    if (strcmp (((struct edit_tensor *) tensors->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* Query, key and value of a block, one after the other, as one tensor. */
static inline void
layout_fuse (GPtrArray *tensors, int block, const char *kind, const char *shape)
{
  static const char *const parts[] = { "query", "key", "value" };
  g_autoptr (GByteArray)   all = g_byte_array_new ();
  g_autofree char         *fused = g_strdup_printf ("blocks.%d.attn.qkv.%s", block, kind);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *name = g_strdup_printf ("blocks.%d.attention.attention.%s.%s", block, parts[i], kind);
      GBytes          *data = edit_find (tensors, name)->data;

      g_byte_array_append (all, g_bytes_get_data (data, NULL), (guint) g_bytes_get_size (data));
      edit_remove (tensors, name);
    }
  edit_add (tensors, fused, "F32", shape, all->data, all->len);
}

/* The names of the code that DINOv2 was published with. */
static inline void
layout_original (GPtrArray *tensors, int width, int n_blocks)
{
  static const char *const pairs[][2] = {
    { "embeddings.patch_embeddings.projection", "patch_embed.proj" },
    { "embeddings.position_embeddings", "pos_embed" },
    { "embeddings.", "" },
    { "encoder.layer.", "blocks." },
    { "attention.output.dense", "attn.proj" },
    { "layer_scale1.lambda1", "ls1.gamma" },
    { "layer_scale2.lambda1", "ls2.gamma" },
    { "mlp.weights_in", "mlp.w12" },
    { "mlp.weights_out", "mlp.w3" },
    { "layernorm.", "norm." },
  };
  g_autofree char *weight = g_strdup_printf ("[%d,%d]", 3 * width, width);
  g_autofree char *bias = g_strdup_printf ("[%d]", 3 * width);

  layout_replace (tensors, pairs, G_N_ELEMENTS (pairs));
  for (int block = 0; block < n_blocks; block++)
    {
      layout_fuse (tensors, block, "weight", weight);
      layout_fuse (tensors, block, "bias", bias);
    }
}

/* The original's in chunks of two blocks, as its training code saves large models. */
static inline void
layout_chunked (GPtrArray *tensors)
{
  for (guint i = 0; i < tensors->len; i++)
    {
      struct edit_tensor *tensor = tensors->pdata[i];
      g_autofree char    *name = tensor->name;

      if (g_str_has_prefix (name, "blocks."))
        tensor->name = g_strdup_printf ("blocks.%d.%s", atoi (name + strlen ("blocks.")) / 2, name + strlen ("blocks."));
      else
        tensor->name = g_strdup (name);
    }
}

/* timm has no position for CLS and registers; it adds that of CLS to the token. */
static inline void
layout_fold_position (GPtrArray *tensors, int width, int rows)
{
  struct edit_tensor *token = edit_find (tensors, "cls_token"), *table = edit_find (tensors, "pos_embed");
  g_autofree float   *cls = g_memdup2 (g_bytes_get_data (token->data, NULL), (gsize) width * sizeof *cls);
  g_autofree float   *position = g_memdup2 (g_bytes_get_data (table->data, NULL), g_bytes_get_size (table->data));
  g_autofree char    *cls_shape = g_strdup (token->shape);
  g_autofree char    *shape = g_strdup_printf ("[1,%d,%d]", rows - 1, width);

  edit_order (cls, (gsize) width);
  edit_order (position, (gsize) width);
  for (int i = 0; i < width; i++)
    cls[i] += position[i];
  edit_order (cls, (gsize) width);
  edit_remove (tensors, "cls_token");
  edit_remove (tensors, "pos_embed");
  edit_add (tensors, "cls_token", "F32", cls_shape, cls, (gsize) width * sizeof *cls);
  edit_add (tensors, "pos_embed", "F32", shape, position + width, (gsize) (rows - 1) * (gsize) width * sizeof *position);
}

/* From the original's names to timm's. */
static inline void
layout_timm (GPtrArray *tensors, int width, int rows)
{
  static const char *const pairs[][2] = { { "register_tokens", "reg_token" }, { "mlp.w12", "mlp.fc1" }, { "mlp.w3", "mlp.fc2" } };

  layout_replace (tensors, pairs, G_N_ELEMENTS (pairs));
  edit_remove (tensors, "mask_token");
  if (layout_has (tensors, "reg_token"))
    layout_fold_position (tensors, width, rows);
}

static inline void
layout_prefix (GPtrArray *tensors, const char *prefix)
{
  for (guint i = 0; i < tensors->len; i++)
    {
      struct edit_tensor *tensor = tensors->pdata[i];
      g_autofree char    *name = tensor->name;

      tensor->name = g_strconcat (prefix, name, NULL);
    }
}
