/* The page in a viewer's sidebar: what can be done, what is being done, what is shown. */
#pragma once

#include <gtk/gtk.h>

#include "viewer/map.h"

G_BEGIN_DECLS

typedef struct page Page;

/* What the person does. */
typedef struct
{
  void (*encode) (gpointer data);
  void (*cancel) (gpointer data);
  void (*map_wanted) (gpointer data);   /* another overlay, or another value */
  void (*look_changed) (gpointer data); /* opacity, shown or not */
} PageEvents;

typedef enum
{
  PAGE_EMPTY, /* there is nothing that could be encoded */
  PAGE_READY,
  PAGE_RUNNING,
  PAGE_ENCODED
} PageState;

/* scrolls: by itself; else what it is put into does. */
Page *page_new (gboolean scrolls, const PageEvents *events, gpointer data);
void  page_free (Page *self);

/* The page's; shown. */
GtkWidget *page_get_widget (Page *self);

void page_set_state (Page *self, PageState state);

/* 0 of 0: how long it takes is not known yet. */
void page_set_progress (Page *self, guint done, guint total);

/* A sentence; "" for none. */
void page_set_status (Page *self, const char *text, gboolean is_problem);

void page_set_encoder (Page *self, const char *text);

/* What can be chosen, aa{sv}; choices that were made stay. */
void page_set_overlays (Page *self, GVariant *overlays);

/* "overlay" and "parameters" (floating), NULL when there is nothing to choose. */
GVariant *page_get_choice (Page *self);

/* The map's title, colours and legend; NULL: none. */
void page_set_map (Page *self, const Map *map);

double   page_get_opacity (Page *self);
gboolean page_get_map_shown (Page *self);

G_END_DECLS
