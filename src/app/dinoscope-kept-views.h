#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_KEPT_VIEW (dinoscope_kept_view_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeKeptView, dinoscope_kept_view, DINOSCOPE, KEPT_VIEW, GObject)

/* A view that somebody wants to come back to: a state of DinoscopeHistory
 * with a title. Immutable. */
const char *dinoscope_kept_view_get_title (DinoscopeKeptView *self);
GVariant   *dinoscope_kept_view_get_state (DinoscopeKeptView *self);

/* Views of each picture, for as long as the program runs: nothing of a picture
 * is stored. */
typedef struct _DinoscopeKeptViews DinoscopeKeptViews;

DinoscopeKeptViews *dinoscope_kept_views_new (void);
void                dinoscope_kept_views_free (DinoscopeKeptViews *self);

/* The views of the picture with that hash, of DinoscopeKeptView in the order
 * in which they were kept (transfer none, stays the same object). */
GListModel *dinoscope_kept_views_get_list (DinoscopeKeptViews *self, const char *sha256);

/* state is a{sv}. A view that is there already is not kept twice. Returns its place. */
guint dinoscope_kept_views_add (DinoscopeKeptViews *self, const char *sha256, const char *title, GVariant *state);
void  dinoscope_kept_views_remove (DinoscopeKeptViews *self, const char *sha256, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DinoscopeKeptViews, dinoscope_kept_views_free)

G_END_DECLS
