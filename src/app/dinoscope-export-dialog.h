#pragma once

#include <adwaita.h>

#include "app/dinoscope-exporter.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_EXPORT_DIALOG (dinoscope_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeExportDialog, dinoscope_export_dialog, DINOSCOPE, EXPORT_DIALOG, AdwWindow)

/* What is to be exported, in which format and layout; where to is asked for
 * afterwards.
 *
 * Signals:
 *   "chosen": the person wants what the functions below tell; the dialog closes
 */

typedef struct
{
  const char         *suffix; /* ".png" */
  DinoscopeExportKind kind;
  gboolean            bar;
  gboolean            part; /* what can be seen, as it is turned */
} DinoscopeExportChoice;

/* Modal for parent. has_part: the picture is zoomed, turned or mirrored. */
DinoscopeExportDialog *dinoscope_export_dialog_new (GtkWindow *parent, gboolean has_part);

void dinoscope_export_dialog_get_choice (DinoscopeExportDialog *self, DinoscopeExportChoice *choice);

/* Chooses a format by its place, from 0, as a person would. */
void dinoscope_export_dialog_select (DinoscopeExportDialog *self, guint index);

G_END_DECLS
