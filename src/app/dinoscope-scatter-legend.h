#pragma once

#include <gtk/gtk.h>

#include "render/scatter-column.h"

G_BEGIN_DECLS

/* What the colours of a scatter stand for: a line for each class with its
 * shape, or a scale. */
GtkWidget *dinoscope_scatter_legend_new (const struct dino_scatter_column *column);

G_END_DECLS
