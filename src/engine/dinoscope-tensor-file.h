#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_TENSOR_FILE (dinoscope_tensor_file_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeTensorFile, dinoscope_tensor_file, DINOSCOPE, TENSOR_FILE, GObject)

/* A safetensors file, checked as models are: for overlays that bring weights
 * of their own. Immutable; any thread. */

/* Reads the header; NULL and error when it is not one. */
DinoscopeTensorFile *dinoscope_tensor_file_open (const char *path, GError **error);

/* A text of the file's "__metadata__", NULL when there is none of that name (transfer none). */
const char *dinoscope_tensor_file_get_metadata (DinoscopeTensorFile *self, const char *name);

/* The numbers of a tensor of rank dimensions, with their sizes in shape, as
 * float32 in host order (transfer full). NULL and error when there is none of
 * that name and rank, or when it is not of F32, F16 or BF16. */
GBytes *dinoscope_tensor_file_read (DinoscopeTensorFile *self, const char *name, guint rank, guint64 *shape, GError **error);

G_END_DECLS
