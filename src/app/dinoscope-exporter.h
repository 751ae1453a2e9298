#pragma once

#include <gdk/gdk.h>

#include "core/maps/draw.h"
#include "engine/dinoscope-sidecar.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

/* Composes and writes pictures on a thread of its own, the same bytes as
 * dinoscope-cli. */
typedef struct _DinoscopeExporter DinoscopeExporter;

DinoscopeExporter *dinoscope_exporter_new (void);

/* Waits for what is being written: no half file is left behind. */
void dinoscope_exporter_free (DinoscopeExporter *self);

typedef enum
{
  DINOSCOPE_EXPORT_SEEN,  /* what dino_export_format_of() says */
  DINOSCOPE_EXPORT_TOKENS /* the encoder's output: .npy or .safetensors, as dinoscope-cli features writes them */
} DinoscopeExportKind;

/* What is seen: a map, how it was made, its colours, and what a sidecar says of the layout. */
typedef struct
{
  DinoscopeStudy       *study;
  gboolean              has_display; /* other greys are shown than the study's own: */
  struct dino_display   display;
  gboolean              inverted;
  DinoscopeFeatures    *features;
  DinoscopeMap         *map;
  const char           *overlay;    /* id of the provider */
  GVariant             *parameters; /* a{sv} */
  struct dino_map_style style;
  DinoscopeSidecarView  layout; /* in pixels of the original */
} DinoscopeExportView;

/* Writes that to path, and the sidecar beside it. view is copied; references
 * are taken. */
void     dinoscope_exporter_write_async (DinoscopeExporter *self, const DinoscopeExportView *view, DinoscopeExportKind kind, const char *path, GAsyncReadyCallback callback, gpointer user_data);
gboolean dinoscope_exporter_write_finish (GAsyncResult *result, GError **error);

/* The same picture for the clipboard. */
void        dinoscope_exporter_compose_async (DinoscopeExporter *self, const DinoscopeExportView *view, GAsyncReadyCallback callback, gpointer user_data);
GdkTexture *dinoscope_exporter_compose_finish (GAsyncResult *result, GError **error);

/* The same as a sheet to be painted by Cairo, such as on paper. */
typedef struct _DinoscopeExportSheet DinoscopeExportSheet;

void                  dinoscope_exporter_make_sheet_async (DinoscopeExporter *self, const DinoscopeExportView *view, GAsyncReadyCallback callback, gpointer user_data);
DinoscopeExportSheet *dinoscope_exporter_make_sheet_finish (GAsyncResult *result, GError **error);
void                  dinoscope_export_sheet_free (DinoscopeExportSheet *self);

/* In points; paint begins at the origin of cr. */
void     dinoscope_export_sheet_get_size (DinoscopeExportSheet *self, double *width, double *height);
gboolean dinoscope_export_sheet_paint (DinoscopeExportSheet *self, cairo_t *cr, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DinoscopeExporter, dinoscope_exporter_free)

G_END_DECLS
