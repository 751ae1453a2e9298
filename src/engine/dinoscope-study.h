#pragma once

#include <gio/gio.h>

#include "dinoscope-preparation.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_STUDY (dinoscope_study_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeStudy, dinoscope_study, DINOSCOPE, STUDY, GObject)

/**
 * DinoscopeStudy:
 *
 * One opened picture: its samples, its 8-bit grey for the display in several
 * sizes, and what a person should know about how it was read. Immutable.
 *
 * Made by [method@Dinoscope.Engine.open_picture].
 */

/**
 * dinoscope_study_get_width:
 * @self: a picture
 *
 * Gets the number of columns.
 *
 * Returns: pixels of the original
 */
int dinoscope_study_get_width (DinoscopeStudy *self);

/**
 * dinoscope_study_get_height:
 * @self: a picture
 *
 * Gets the number of rows.
 *
 * Returns: pixels of the original
 */
int dinoscope_study_get_height (DinoscopeStudy *self);

/**
 * dinoscope_study_get_n_levels:
 * @self: a picture
 *
 * Gets the number of levels of the display pyramid.
 *
 * Level 0 has the picture's size, each further one half of that before (rounded
 * up, area-averaged), until both sides are at most 256. Of grey pictures the
 * samples are averaged, at their full depth, and brought to 8 bits afterwards.
 *
 * Returns: at least 1
 */
guint dinoscope_study_get_n_levels (DinoscopeStudy *self);

/**
 * dinoscope_study_get_level:
 * @self: a picture
 * @level: 0 … number of levels - 1
 * @width: (out): pixels in a row
 * @height: (out): rows
 *
 * Gets the picture as it is shown: R8G8B8, [height, width, 3], rows without padding.
 *
 * Returns: (transfer none): the pixels
 */
GBytes *dinoscope_study_get_level (DinoscopeStudy *self, guint level, int *width, int *height);

/**
 * dinoscope_study_get_file:
 * @self: a picture
 *
 * Gets the file that it was read from.
 *
 * Returns: (transfer none) (nullable): the file; %NULL for pixels that came from the clipboard
 */
GFile *dinoscope_study_get_file (DinoscopeStudy *self);

/**
 * dinoscope_study_get_name:
 * @self: a picture
 *
 * Gets the file's name. Of DICOM files it may carry a patient's; see
 * [method@Dinoscope.Study.dup_title].
 *
 * Returns: (transfer none): the name, for people
 */
const char *dinoscope_study_get_name (DinoscopeStudy *self);

/**
 * dinoscope_study_dup_title:
 * @self: a picture
 *
 * What may stand in titles and suggested names: the file's name, but of DICOM,
 * whose file name may carry a patient's, what it is ("CR radiograph, PA").
 *
 * Returns: (transfer full): the title
 */
char *dinoscope_study_dup_title (DinoscopeStudy *self);

/**
 * dinoscope_study_get_notes:
 * @self: a picture
 *
 * Sentences about the reading ("Encoder's input: min-max: 12 … 4021."),
 * translated, one a line.
 *
 * Returns: (transfer none): the text; empty when there is nothing to say
 */
const char *dinoscope_study_get_notes (DinoscopeStudy *self);

/**
 * dinoscope_study_describe_display:
 * @self: a picture
 *
 * Says what is shown, in words with its numbers ("percentiles 1 to 99: 103 …
 * 3971; inverted"), translated.
 *
 * Returns: (transfer full): the text
 */
char *dinoscope_study_describe_display (DinoscopeStudy *self);

/**
 * dinoscope_study_describe_model_input:
 * @self: a picture
 *
 * Says what greys the encoder gets, in words with their numbers, translated.
 *
 * Returns: (transfer full): the text
 */
char *dinoscope_study_describe_model_input (DinoscopeStudy *self);

/**
 * dinoscope_study_get_sha256:
 * @self: a picture
 *
 * Gets the hash of the decoded pixels. With the same
 * [method@Dinoscope.Study.get_grey_sha256] it is the same picture.
 *
 * Returns: (transfer none): 64 hexadecimal digits
 */
const char *dinoscope_study_get_sha256 (DinoscopeStudy *self);

/**
 * dinoscope_study_get_grey_sha256:
 * @self: a picture
 *
 * Gets the hash of what the file says of its greys: slope, windows, tables.
 *
 * Returns: (transfer none): 64 hexadecimal digits; empty where it says nothing
 */
const char *dinoscope_study_get_grey_sha256 (DinoscopeStudy *self);

G_END_DECLS

#ifdef DINOSCOPE_INTERNAL
#include "engine/dinoscope-study-internal.h"
#endif
