#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_FACT_ROW (dinoscope_fact_row_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeFactRow, dinoscope_fact_row, DINOSCOPE, FACT_ROW, GtkListBoxRow)

/* A name and a value that can be selected and copied. */
GtkWidget *dinoscope_fact_row_new (const char *title, const char *value);
void       dinoscope_fact_row_set_selectable (DinoscopeFactRow *self, gboolean selectable);

void dinoscope_fact_row_set_fact (DinoscopeFactRow *self, const char *title, const char *value);

G_END_DECLS
