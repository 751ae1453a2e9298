#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_TENSOR_FILE (dinoscope_tensor_file_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeTensorFile, dinoscope_tensor_file, DINOSCOPE, TENSOR_FILE, GObject)

/**
 * DinoscopeTensorFile:
 *
 * A safetensors file, checked as models are: for overlays that bring weights
 * of their own, and for features that were saved. Immutable; any thread.
 */

/**
 * dinoscope_tensor_file_open: (constructor)
 * @path: (type filename): a file
 * @error: return location for an error
 *
 * Reads the header.
 *
 * Returns: (transfer full): the file; %NULL with @error set when it is not one
 */
DinoscopeTensorFile *dinoscope_tensor_file_open (const char *path, GError **error);

/**
 * dinoscope_tensor_file_get_metadata:
 * @self: a file
 * @name: a name
 *
 * Gets a text of the file's "__metadata__".
 *
 * Returns: (transfer none) (nullable): the text; %NULL when there is none of that name
 */
const char *dinoscope_tensor_file_get_metadata (DinoscopeTensorFile *self, const char *name);

/**
 * dinoscope_tensor_file_read: (skip)
 * @self: a file
 * @name: the tensor's name
 * @rank: the dimensions that it has to have
 * @shape: room for @rank sizes
 * @error: return location for an error
 *
 * Reads the numbers of a tensor, float32 in host order.
 *
 * Returns: (transfer full): the numbers; %NULL with @error set when there is
 *   none of that name and rank, or when it is not of F32, F16 or BF16
 */
GBytes *dinoscope_tensor_file_read (DinoscopeTensorFile *self, const char *name, guint rank, guint64 *shape, GError **error);

/**
 * dinoscope_tensor_file_read_any: (rename-to dinoscope_tensor_file_read)
 * @self: a file
 * @name: the tensor's name
 * @shape: (out) (transfer full) (array length=rank): its sizes
 * @rank: (out): its dimensions
 * @error: return location for an error
 *
 * Reads the numbers of a tensor of any shape, float32 in host order.
 *
 * Returns: (transfer full): the numbers; %NULL with @error set when there is
 *   none of that name, or when it is not of F32, F16 or BF16
 */
GBytes *dinoscope_tensor_file_read_any (DinoscopeTensorFile *self, const char *name, guint64 **shape, guint *rank, GError **error);

G_END_DECLS
