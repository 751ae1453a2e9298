#pragma once

#include <gio/gio.h>

#ifdef DINOSCOPE_INTERNAL
#include "core/base/error.h"
#endif

G_BEGIN_DECLS

#define DINOSCOPE_ERROR (dinoscope_error_quark ())

/**
 * DinoscopeError:
 * @DINOSCOPE_ERROR_FAILED: anything else
 * @DINOSCOPE_ERROR_PICTURE: a picture cannot be read
 * @DINOSCOPE_ERROR_MODEL: a model cannot be used
 * @DINOSCOPE_ERROR_MEMORY: memory could not be had
 * @DINOSCOPE_ERROR_PARAMETER: a parameter is out of range or of the wrong type
 * @DINOSCOPE_ERROR_OVERLAY: an overlay provider failed
 * @DINOSCOPE_ERROR_WRITE: a file could not be written
 *
 * What went wrong. Messages are sentences for people, translated, that name the
 * file and the reason. What was cancelled is %G_IO_ERROR_CANCELLED.
 */
typedef enum
{
  DINOSCOPE_ERROR_FAILED,
  DINOSCOPE_ERROR_PICTURE,
  DINOSCOPE_ERROR_MODEL,
  DINOSCOPE_ERROR_MEMORY,
  DINOSCOPE_ERROR_PARAMETER,
  DINOSCOPE_ERROR_OVERLAY,
  DINOSCOPE_ERROR_WRITE
} DinoscopeError;

/**
 * dinoscope_error_quark:
 *
 * The domain of [error@Dinoscope.Error].
 *
 * Returns: the quark
 */
GQuark dinoscope_error_quark (void);

#define DINOSCOPE_TYPE_ERROR (dinoscope_error_get_type ())
GType dinoscope_error_get_type (void);

#ifdef DINOSCOPE_INTERNAL
/* The one place where core's codes become GErrors: DINO_CODE_CANCELLED is
 * G_IO_ERROR_CANCELLED, the rest DINOSCOPE_ERROR; fallback is used for codes
 * that say nothing about the subject (IO, FORMAT, UNSUPPORTED, LIMIT). */
void dinoscope_set_error (GError **error, const struct dino_error *core, DinoscopeError fallback);
#endif

G_END_DECLS
