/* How much memory the machine can still give. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes that can be had without swapping: the smallest of what the kernel
 * estimates, of what the control groups (v1 and v2, all ancestors) leave, and
 * of what the limit on this process's address space leaves.
 * G_MAXUINT64 when nothing is known. root is put before /proc and /sys, ""
 * for the machine itself. */
guint64 dinoscope_available_memory (const char *root);

G_END_DECLS
