#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define DINOSCOPE_MANUAL_PATH "/io/github/dinoscope/Dinoscope/manual/"
#define DINOSCOPE_MANUAL_FIRST "index"

#define DINOSCOPE_TYPE_MANUAL_PAGE (dinoscope_manual_page_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeManualPage, dinoscope_manual_page, DINOSCOPE, MANUAL_PAGE, GObject)

/* A page of the manual as it is bundled: CommonMark, whose first heading is its title. */

const char *dinoscope_manual_page_get_name (DinoscopeManualPage *self); /* "pca" of pca.md */
const char *dinoscope_manual_page_get_title (DinoscopeManualPage *self);
const char *dinoscope_manual_page_get_text (DinoscopeManualPage *self);

/* Whether all words of query are in title or text, in any case; "" is in all. */
gboolean dinoscope_manual_page_matches (DinoscopeManualPage *self, const char *query);

/* All pages, a GListModel of DinoscopeManualPage: the first one, then in the
 * order in which it links to them, then the others by title. (transfer full) */
GListModel *dinoscope_manual_list (void);

G_END_DECLS
