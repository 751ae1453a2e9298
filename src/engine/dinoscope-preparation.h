#pragma once

#include <glib-object.h>

#include "dinoscope-enums.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PREPARATION (dinoscope_preparation_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePreparation, dinoscope_preparation, DINOSCOPE, PREPARATION, GObject)

/**
 * DinoscopePreparation:
 *
 * How a picture is read and prepared for the encoder. Immutable.
 *
 * Made by g_object_new() with its properties, which are the options of
 * dinoscope-cli under the same names; those that are left out have the
 * processor's way. Whether they fit a picture and a model is told when it is
 * opened and encoded.
 */

/**
 * DinoscopePreparation:fit:
 *
 * What the encoder gets of a picture that is not square.
 */

/**
 * DinoscopePreparation:input-size:
 *
 * Short side of the encoder's input in pixels, a multiple of the patch; 0: the processor's.
 */

/**
 * DinoscopePreparation:model-input:
 *
 * How the greys that the encoder gets are made.
 */

/**
 * DinoscopePreparation:invert:
 *
 * Whether black and white are exchanged.
 */

/**
 * DinoscopePreparation:window:
 *
 * The values of interest that are shown, and with
 * %DINOSCOPE_MODEL_GREYS_WINDOW encoded: "auto", "full", "percentile", the
 * number of one that the file has, or CENTER:WIDTH ("40:400", "2653:900:sigmoid").
 */

/**
 * DinoscopePreparation:frame:
 *
 * Which frame of a DICOM file is read, from 1; 0: the only one.
 */

/**
 * DinoscopePreparation:apply-exif:
 *
 * Whether a picture is turned upright as its EXIF orientation says.
 */

G_END_DECLS
