#include "app/dinoscope-manual.h"

#include <string.h>

struct _DinoscopeManualPage
{
  GObject parent_instance;

  char *name;
  char *title;
  char *text;
  char *folded; /* text for searching */
};

G_DEFINE_FINAL_TYPE (DinoscopeManualPage, dinoscope_manual_page, G_TYPE_OBJECT)

static void
dinoscope_manual_page_finalize (GObject *object)
{
  DinoscopeManualPage *self = DINOSCOPE_MANUAL_PAGE (object);

  g_free (self->name);
  g_free (self->title);
  g_free (self->text);
  g_free (self->folded);

  G_OBJECT_CLASS (dinoscope_manual_page_parent_class)->finalize (object);
}

static void
dinoscope_manual_page_class_init (DinoscopeManualPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_manual_page_finalize;
}

static void
dinoscope_manual_page_init (DinoscopeManualPage *self)
{
}

static char *
find_title (const char *text, const char *name)
{
  const char *heading = g_str_has_prefix (text, "# ") ? text : strstr (text, "\n# ");
  const char *start = heading != NULL ? strchr (heading, '#') + 2 : NULL;

  return start != NULL ? g_strndup (start, strcspn (start, "\n")) : g_strdup (name);
}

static DinoscopeManualPage *
load_page (const char *file)
{
  g_autofree char     *path = g_strconcat (DINOSCOPE_MANUAL_PATH, file, NULL);
  g_autoptr (GBytes)   bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  DinoscopeManualPage *self = g_object_new (DINOSCOPE_TYPE_MANUAL_PAGE, NULL);

  self->name = g_strndup (file, strlen (file) - strlen (".md"));
  self->text = bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : g_strdup ("");
  self->title = find_title (self->text, self->name);
  self->folded = g_utf8_casefold (self->text, -1);
  return self;
}

const char *
dinoscope_manual_page_get_name (DinoscopeManualPage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MANUAL_PAGE (self), NULL);

  return self->name;
}

const char *
dinoscope_manual_page_get_title (DinoscopeManualPage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MANUAL_PAGE (self), NULL);

  return self->title;
}

const char *
dinoscope_manual_page_get_text (DinoscopeManualPage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MANUAL_PAGE (self), NULL);

  return self->text;
}

gboolean
dinoscope_manual_page_matches (DinoscopeManualPage *self, const char *query)
{
  g_autofree char *folded = g_utf8_casefold (query, -1);
  g_auto (GStrv)   words = g_strsplit_set (folded, " \t", -1);

  g_return_val_if_fail (DINOSCOPE_IS_MANUAL_PAGE (self), FALSE);

  for (gsize i = 0; words[i] != NULL; i++)
    if (strstr (self->folded, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* Where the first page links to it; those that it does not link to come last. */
static gsize
get_rank (DinoscopeManualPage *page, const char *index)
{
  g_autofree char *link = g_strdup_printf ("(%s.md", page->name);
  const char      *found = strstr (index, link);

  if (g_str_equal (page->name, DINOSCOPE_MANUAL_FIRST))
    return 0;
  return found != NULL ? (gsize) (found - index) + 1 : G_MAXSIZE;
}

static int
compare_pages (gconstpointer a, gconstpointer b, gpointer index)
{
  DinoscopeManualPage *one = (DinoscopeManualPage *) a;
  DinoscopeManualPage *other = (DinoscopeManualPage *) b;
  gsize                one_rank = get_rank (one, index), other_rank = get_rank (other, index);

  if (one_rank != other_rank)
    return one_rank < other_rank ? -1 : 1;
  return g_utf8_collate (one->title, other->title);
}

GListModel *
dinoscope_manual_list (void)
{
  g_auto (GStrv)                  files = g_resources_enumerate_children (DINOSCOPE_MANUAL_PATH, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (DinoscopeManualPage) first = load_page (DINOSCOPE_MANUAL_FIRST ".md");
  GListStore                     *list = g_list_store_new (DINOSCOPE_TYPE_MANUAL_PAGE);

  for (gsize i = 0; files != NULL && files[i] != NULL; i++)
    {
      g_autoptr (DinoscopeManualPage) page = g_str_has_suffix (files[i], ".md") ? load_page (files[i]) : NULL;

      if (page != NULL)
        g_list_store_append (list, page);
    }
  g_list_store_sort (list, compare_pages, first->text);
  return G_LIST_MODEL (list);
}
