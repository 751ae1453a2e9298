/* Sidecars: the JSON file beside an exported picture that says how it was
 * made. docs/sidecar.md describes every field. */
#pragma once

#include <gio/gio.h>

#include "core/maps/draw.h"
#include "core/picture/prepare.h"
#include "engine/dinoscope-features.h"
#include "engine/dinoscope-map.h"
#include "engine/dinoscope-study.h"
#include "io/output.h"

G_BEGIN_DECLS

#define DINOSCOPE_SIDECAR_SCHEMA "dinoscope-sidecar"
#define DINOSCOPE_SIDECAR_VERSION 1

/* How the exported picture was laid out. */
typedef struct
{
  gboolean model_size;    /* in pixels of the model's input, else of the original */
  gboolean map_only;      /* no radiograph under the map */
  gboolean bar;           /* with a colour bar */
  int      width, height; /* pixels of the exported picture, 0: not known */

  /* What a window showed of it. The exported picture is that part with part,
   * all of it otherwise. */
  gboolean        has_box;
  struct dino_box box; /* pixels of the original */
  int             turns;
  gboolean        flipped;
  gboolean        part;

  /* What a person marked: states of DinoscopeMarks and DinoscopeRegions, a{sv}; NULL: nothing. */
  GVariant *marks;
  GVariant *regions;
} DinoscopeSidecarView;

/* The radiograph under the map, for writing. */
typedef struct
{
  DinoscopeStudy            *study;
  const struct dino_display *display;  /* what is shown of it; NULL: what its preparation says, inverted or not */
  gboolean                   inverted; /* with display: whether that is shown inverted */
} DinoscopeSidecarRadiograph;

/* The greys of that, as read. */
typedef struct
{
  gboolean            known; /* FALSE in files without */
  struct dino_display display;
  enum dino_invert    invert; /* AUTO: as the file says */
} DinoscopeSidecarShown;

/* A picture that the map's was compared with, as read. */
typedef struct
{
  char                   *pixels_sha256;
  char                   *model_sha256, *model_name; /* NULL: the map's own model */
  gboolean                has_preparation;           /* else the map's own */
  struct dino_preparation preparation;
  gboolean                ignore_exif;
  DinoscopeCover          cover; /* known: it is the map's own picture, changed like that */
} DinoscopeSidecarReference;

/* What a sidecar asks for, to make the same picture again. */
typedef struct
{
  char                   *overlay;
  GVariant               *parameters; /* a{sv}, without those that are files; not checked against the overlay */
  GVariant               *files;      /* a{ss}: parameters that were files, with the sha256 of what they held */
  struct dino_map_style   style;
  struct dino_preparation preparation;
  gboolean                ignore_exif;
  DinoscopeSidecarShown   shown;
  DinoscopeSidecarView    view;
  char                   *pixels_sha256;
  char                   *grey_sha256; /* NULL where the picture had no grey scale */
  char                   *model_name;
  char                   *model_sha256;
  char                   *precision;
  char                   *instruction_set;
  char                   *calibration; /* of 8 bits; NULL for other precisions */
  GPtrArray              *references;  /* (element-type DinoscopeSidecarReference), in their order */
} DinoscopeSidecar;

/* The text of a sidecar, ending in a line break; keys always in the same
 * order, numbers with a decimal point in every locale, no path and no date.
 * parameters is a{sv}, as given to the overlay; defaults are filled in.
 * radiograph may be NULL: nothing is said of it. Asks for the model's sha256,
 * which may block while that is not known. */
char *dinoscope_sidecar_to_json (DinoscopeFeatures                *features,
                                 const DinoscopeSidecarRadiograph *radiograph,
                                 const char                       *overlay,
                                 GVariant                         *parameters,
                                 DinoscopeMap                     *map,
                                 const struct dino_map_style      *style,
                                 const DinoscopeSidecarView       *view,
                                 GError                          **error);

/* Reads a sidecar; another schema, a newer version or anything malformed is an error. */
DinoscopeSidecar *dinoscope_sidecar_read (const char *path, GError **error);
void              dinoscope_sidecar_free (DinoscopeSidecar *sidecar);

/* The sidecar's place: "map.png" -> "map.json", "map" -> "map.json" (transfer full). */
char *dinoscope_sidecar_path (const char *picture_path);

/* TRUE when there is nothing at path, or one of our sidecars; else an error
 * that says that the file there is somebody else's. */
gboolean dinoscope_sidecar_may_write (const char *path, GError **error);

/* Writes text to path, complete or not at all, unless dinoscope_sidecar_may_write() objects. */
gboolean dinoscope_sidecar_write (const char *path, const char *text, GError **error);

/* Puts a picture in place together with its sidecar: output, which is freed
 * whatever the outcome, is committed to picture_path after text was written
 * beside it. When one of them cannot be written there is neither. */
gboolean dinoscope_sidecar_commit (const char *picture_path, const char *text, struct dino_output *output, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DinoscopeSidecar, dinoscope_sidecar_free)

G_END_DECLS
