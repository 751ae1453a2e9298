/* The manual: every page parses, every link leads somewhere, every picture shows something, and F1 opens it. */
#include "window-fixture.h"

#include <cmark.h>
#include <string.h>

#include "app/dinoscope-help-window.h"
#include "app/dinoscope-manual-view.h"
#include "app/dinoscope-manual.h"

static gboolean
has_page (GListModel *pages, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (pages); i++)
    {
      g_autoptr (DinoscopeManualPage) page = g_list_model_get_item (pages, i);

      if (g_str_equal (dinoscope_manual_page_get_name (page), name))
        return TRUE;
    }
  return FALSE;
}

static const char *
get_text_of (GListModel *pages, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (pages); i++)
    {
      g_autoptr (DinoscopeManualPage) page = g_list_model_get_item (pages, i);

      if (g_str_equal (dinoscope_manual_page_get_name (page), name))
        return dinoscope_manual_page_get_text (page);
    }
  return NULL;
}

static void
check_anchor (GListModel *pages, const char *name, const char *anchor)
{
  g_autoptr (GtkWidget) view = g_object_ref_sink (dinoscope_manual_view_new ());

  dinoscope_manual_view_set_text (DINOSCOPE_MANUAL_VIEW (view), get_text_of (pages, name));
  if (dinoscope_manual_view_find_heading (DINOSCOPE_MANUAL_VIEW (view), anchor) == NULL)
    g_error ("%s.md has no heading #%s", name, anchor);
}

static void
check_link (GListModel *pages, const char *from, const char *target)
{
  const char      *anchor = strchr (target, '#');
  g_autofree char *file = anchor != NULL ? g_strndup (target, (gsize) (anchor - target)) : g_strdup (target);

  if (g_str_has_prefix (target, "https://"))
    return;
  if (g_str_has_suffix (file, ".md"))
    file[strlen (file) - 3] = '\0';
  if (file[0] != '\0' && !has_page (pages, file))
    g_error ("%s.md links to %s, which is not there", from, target);
  if (anchor != NULL)
    check_anchor (pages, file[0] != '\0' ? file : from, anchor + 1);
}

/* Pictures are made by a script: until then their words stand there, so they must have some. */
static void
check_picture (const char *from, cmark_node *image)
{
  const char *url = cmark_node_get_url (image);

  if (!g_str_has_prefix (url, "pictures/") || !g_str_has_suffix (url, ".png"))
    g_error ("%s.md shows %s", from, url);
  if (cmark_node_first_child (image) == NULL)
    g_error ("%s.md does not say what %s shows", from, url);
}

static void
check_page (GListModel *pages, DinoscopeManualPage *page)
{
  const char *name = dinoscope_manual_page_get_name (page);
  const char *text = dinoscope_manual_page_get_text (page);
  cmark_node *document = cmark_parse_document (text, strlen (text), CMARK_OPT_DEFAULT);
  cmark_iter *iter = cmark_iter_new (document);
  int         n_titles = 0;

  while (cmark_iter_next (iter) != CMARK_EVENT_DONE)
    {
      cmark_node     *node = cmark_iter_get_node (iter);
      cmark_node_type type = cmark_node_get_type (node);

      g_assert_false (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE);
      if (type == CMARK_NODE_LINK)
        check_link (pages, name, cmark_node_get_url (node));
      else if (type == CMARK_NODE_IMAGE)
        check_picture (name, node);
      else if (type == CMARK_NODE_HEADING && cmark_node_get_heading_level (node) == 1)
        n_titles++;
    }
  cmark_iter_free (iter);
  cmark_node_free (document);
  /* Entered and left. */
  if (n_titles != 2)
    g_error ("%s.md has not one title", name);
}

static void
test_pages (void)
{
  g_autoptr (GListModel)          pages = dinoscope_manual_list ();
  g_autoptr (DinoscopeManualPage) first = g_list_model_get_item (pages, 0);

  g_assert_cmpuint (g_list_model_get_n_items (pages), >=, 5);
  g_assert_cmpstr (dinoscope_manual_page_get_name (first), ==, "index");
  for (guint i = 0; i < g_list_model_get_n_items (pages); i++)
    {
      g_autoptr (DinoscopeManualPage) page = g_list_model_get_item (pages, i);

      check_page (pages, page);
    }
  g_assert_true (dinoscope_manual_page_matches (first, ""));
  g_assert_true (dinoscope_manual_page_matches (first, "FIRST steps"));
  g_assert_false (dinoscope_manual_page_matches (first, "zygomorphic"));
}

static GtkWidget *
find_label (GtkWidget *root, const char *text)
{
  if (GTK_IS_LABEL (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), text) != NULL)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_label (child, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* What markup would be is text; a picture that is not there is its words. */
static void
test_view (void)
{
  g_autoptr (GtkWidget) view = g_object_ref_sink (dinoscope_manual_view_new ());
  GtkWidget            *label;

  dinoscope_manual_view_set_text (DINOSCOPE_MANUAL_VIEW (view),
                                  "# A < B & C\n\nSome **strong** `<tt>` text\nand [a link](x.md?a&b).\n\n1. one\n2. two\n\n```\ncode & more\n```\n\n![The words](pictures/none.png)\n\n> quoted\n");
  g_assert_nonnull (find_label (view, "A < B & C"));
  label = find_label (view, "Some strong <tt> text and a link.");
  g_assert_nonnull (label);
  g_assert_nonnull (strstr (gtk_label_get_label (GTK_LABEL (label)), "<b>strong</b>"));
  g_assert_nonnull (find_label (view, "2."));
  g_assert_nonnull (find_label (view, "code & more"));
  g_assert_nonnull (find_label (view, "The words"));
  g_assert_nonnull (find_label (view, "quoted"));
  g_assert_nonnull (dinoscope_manual_view_find_heading (DINOSCOPE_MANUAL_VIEW (view), "a--b--c"));
}

static GtkWindow *
find_help (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (DINOSCOPE_IS_HELP_WINDOW (window))
        return window;
    }
  return NULL;
}

static gboolean
help_is_there (WindowFixture *fixture)
{
  return find_help () != NULL && gtk_widget_get_mapped (GTK_WIDGET (find_help ()));
}

static gboolean
shows_limits (WindowFixture *fixture)
{
  GtkWidget *view = window_fixture_find (GTK_WIDGET (find_help ()), DINOSCOPE_TYPE_MANUAL_VIEW);

  return find_label (view, "A bright patch is not a finding") != NULL;
}

/* F1 is the accelerator of app.help; links lead to pages and back. */
static void
test_window (WindowFixture *fixture)
{
  g_auto (GStrv) keys = gtk_application_get_accels_for_action (GTK_APPLICATION (fixture->application), "app.help");
  GtkWidget     *help, *view;
  gboolean       handled;

  g_assert_cmpstr (keys[0], ==, "F1");
  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "help", NULL);
  window_fixture_wait (fixture, help_is_there);
  help = GTK_WIDGET (find_help ());
  view = window_fixture_find (help, DINOSCOPE_TYPE_MANUAL_VIEW);
  g_assert_nonnull (find_label (view, "First steps"));
  g_signal_emit_by_name (find_label (view, "What a map does not prove"), "activate-link", "limits.md", &handled);
  g_assert_true (handled);
  window_fixture_wait (fixture, shows_limits);
  g_assert_true (gtk_widget_activate_action (help, "manual.back", NULL));
  g_assert_nonnull (find_label (view, "First steps"));
  gtk_window_destroy (GTK_WINDOW (help));
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;

  g_test_add_func ("/window-manual/pages", test_pages);
  g_test_add_func ("/window-manual/view", test_view);
  window_fixture_add ("/window-manual/window", NULL, test_window);
  return g_test_run ();
}
