/* Checkpoints for tests: made by tools/make_checkpoint.py, or read, changed
 * tensor by tensor and written again. */
#pragma once

#include "core/model/safetensors.h"
#include "model-files.h"

/* A tensor in memory, as stored. */
struct edit_tensor
{
  char   *name;
  char   *dtype;
  char   *shape; /* JSON: "[2,3]" */
  GBytes *data;
};

static inline void
edit_tensor_free (gpointer data)
{
  struct edit_tensor *tensor = data;

  g_free (tensor->name);
  g_free (tensor->dtype);
  g_free (tensor->shape);
  g_bytes_unref (tensor->data);
  g_free (tensor);
}

/* float32 from the processor's order of bytes to that of files, or back. */
static inline void
edit_order (float *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      guint32 bits;

      memcpy (&bits, &values[i], sizeof bits);
      bits = GUINT32_TO_LE (bits);
      memcpy (&values[i], &bits, sizeof bits);
    }
}

static inline void
edit_add (GPtrArray *tensors, const char *name, const char *dtype, const char *shape, gconstpointer data, gsize length)
{
  struct edit_tensor *tensor = g_new (struct edit_tensor, 1);

  *tensor = (struct edit_tensor){ g_strdup (name), g_strdup (dtype), g_strdup (shape), g_bytes_new (data, length) };
  g_ptr_array_add (tensors, tensor);
}

static inline struct edit_tensor *
edit_find (GPtrArray *tensors, const char *name)
{
  for (guint i = 0; i < tensors->len; i++)
    if (strcmp (((struct edit_tensor *) tensors->pdata[i])->name, name) == 0)
      return tensors->pdata[i];
  g_error ("no tensor “%s”", name);
}

static inline void
edit_rename (GPtrArray *tensors, const char *name, const char *new_name)
{
  struct edit_tensor *tensor = edit_find (tensors, name);

  g_free (tensor->name);
  tensor->name = g_strdup (new_name);
}

static inline void
edit_remove (GPtrArray *tensors, const char *name)
{
  g_ptr_array_remove (tensors, edit_find (tensors, name));
}

/* The same numbers in another shape or type of the same size. */
static inline void
edit_relabel (GPtrArray *tensors, const char *name, const char *dtype, const char *shape)
{
  struct edit_tensor *tensor = edit_find (tensors, name);
  char               *old_dtype = tensor->dtype, *old_shape = tensor->shape;

  tensor->dtype = g_strdup (dtype);
  tensor->shape = g_strdup (shape);
  g_free (old_dtype);
  g_free (old_shape);
}

/* Only the first length bytes. */
static inline void
edit_resize (GPtrArray *tensors, const char *name, gsize length)
{
  struct edit_tensor *tensor = edit_find (tensors, name);
  g_autoptr (GBytes)  whole = tensor->data;

  tensor->data = g_bytes_new_from_bytes (whole, 0, length);
}

/* The tensors of a file; (transfer full). */
static inline GPtrArray *
edit_read (const char *path)
{
  GPtrArray               *tensors = g_ptr_array_new_with_free_func (edit_tensor_free);
  struct dino_safetensors *file = dino_safetensors_open (path, NULL);
  g_autofree char         *contents = NULL;
  gsize                    length;
  guint64                  header_length;

  g_assert_nonnull (file);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  memcpy (&header_length, contents, sizeof header_length);
  for (gsize i = 0; i < dino_safetensors_n_tensors (file); i++)
    {
      const struct dino_tensor *tensor = dino_safetensors_tensor (file, i);
      g_autoptr (GString)       shape = g_string_new ("[");

      for (int j = 0; j < tensor->rank; j++)
        g_string_append_printf (shape, "%s%" G_GUINT64_FORMAT, j > 0 ? "," : "", tensor->shape[j]);
      g_string_append_c (shape, ']');
      edit_add (tensors, tensor->name, tensor->dtype_name, shape->str,
                contents + 8 + GUINT64_FROM_LE (header_length) + tensor->begin, tensor->end - tensor->begin);
    }
  dino_safetensors_free (file);
  return tensors;
}

static inline void
edit_write (GPtrArray *tensors, const char *path)
{
  g_autoptr (GString)    header = g_string_new ("{\"__metadata__\":{\"format\":\"pt\"}");
  g_autoptr (GByteArray) data = g_byte_array_new ();

  for (guint i = 0; i < tensors->len; i++)
    {
      const struct edit_tensor *tensor = tensors->pdata[i];
      gsize                     length = g_bytes_get_size (tensor->data);

      g_string_append_printf (header, ",\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%u,%u]}",
                              tensor->name, tensor->dtype, tensor->shape, data->len, data->len + (guint) length);
      if (length > 0)
        g_byte_array_append (data, g_bytes_get_data (tensor->data, NULL), (guint) length);
    }
  g_string_append_c (header, '}');
  write_safetensors (path, header->str, header->len, data->data, data->len);
}

static inline void
copy_file (const char *source, const char *target)
{
  g_autofree char *contents = NULL;
  gsize            length;

  g_assert_true (g_file_get_contents (source, &contents, &length, NULL));
  write_bytes (target, contents, length);
}

/* A folder with the two configurations of checkpoint, and no weights; (transfer full). */
static inline char *
copy_configuration (const char *checkpoint)
{
  static const char *const names[] = { "config.json", "preprocessor_config.json" };
  char                    *folder = scratch_folder ();

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *source = g_build_filename (checkpoint, names[i], NULL);
      g_autofree char *target = g_build_filename (folder, names[i], NULL);

      copy_file (source, target);
    }
  return folder;
}

/* A new checkpoint in a folder of its own; (transfer full). options is a list
 * of words that ends with NULL. */
static inline char *
make_checkpoint (const char *preset, const char *const *options)
{
  g_autofree char      *script = g_test_build_filename (G_TEST_DIST, "..", "tools", "make_checkpoint.py", NULL);
  char                 *folder = scratch_folder ();
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  g_autofree char      *output = NULL;
  GError               *error = NULL;
  int                   status = -1;

  /* The system's, which has numpy, whatever comes first in PATH. */
  g_ptr_array_add (command, (char *) "/usr/bin/python3");
  g_ptr_array_add (command, script);
  g_ptr_array_add (command, (char *) "--preset");
  g_ptr_array_add (command, (char *) preset);
  g_ptr_array_add (command, (char *) "--out");
  g_ptr_array_add (command, folder);
  for (gsize i = 0; options != NULL && options[i] != NULL; i++)
    g_ptr_array_add (command, (char *) options[i]);
  g_ptr_array_add (command, NULL);
  g_spawn_sync (NULL, (char **) command->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &output, &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    g_error ("make_checkpoint.py: %s", output);
  return folder;
}
