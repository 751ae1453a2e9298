/* DICOM attributes in words; no widgets. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "ViewPosition": "View position". Keywords that are not known are taken
 * apart: "PresentationLUTShape" is "Presentation LUT shape". (transfer full) */
char *dinoscope_attribute_title (const char *keyword);

/* Codes with their meaning, "PA (back to front)"; several values separated by
 * commas; anything else as it is. (transfer full) */
char *dinoscope_attribute_value (const char *keyword, const char *value);

/* Where an attribute stands in a list: small numbers first. */
guint dinoscope_attribute_rank (const char *keyword);

G_END_DECLS
