#include "app/dinoscope-manual-view.h"

#include <cmark.h>
#include <string.h>

#include "app/dinoscope-manual.h"

struct _DinoscopeManualView
{
  GtkWidget parent_instance;

  GtkWidget  *box;
  GHashTable *headings; /* anchor -> widget, owned by box */
  char       *target;   /* of the link that is to be followed */
  guint       follow_source;
};

G_DEFINE_FINAL_TYPE (DinoscopeManualView, dinoscope_manual_view, GTK_TYPE_WIDGET)

static guint link_signal;

/* Text with its emphasis. */

static void append_inlines (GString *markup, cmark_node *parent);

static void
append_escaped (GString *markup, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text != NULL ? text : "", -1);

  g_string_append (markup, escaped);
}

static void
append_wrapped (GString *markup, const char *tag, cmark_node *node)
{
  g_string_append_printf (markup, "<%s>", tag);
  append_inlines (markup, node);
  g_string_append_printf (markup, "</%s>", tag);
}

static void
append_inline (GString *markup, cmark_node *node)
{
  switch (cmark_node_get_type (node))
    {
    case CMARK_NODE_TEXT:
      append_escaped (markup, cmark_node_get_literal (node));
      break;
    case CMARK_NODE_CODE:
      g_string_append (markup, "<tt>");
      append_escaped (markup, cmark_node_get_literal (node));
      g_string_append (markup, "</tt>");
      break;
    case CMARK_NODE_SOFTBREAK:
      g_string_append_c (markup, ' ');
      break;
    case CMARK_NODE_LINEBREAK:
      g_string_append_c (markup, '\n');
      break;
    case CMARK_NODE_EMPH:
    case CMARK_NODE_IMAGE:
      append_wrapped (markup, "i", node);
      break;
    case CMARK_NODE_STRONG:
      append_wrapped (markup, "b", node);
      break;
    case CMARK_NODE_LINK:
      g_string_append (markup, "<a href=\"");
      append_escaped (markup, cmark_node_get_url (node));
      g_string_append (markup, "\">");
      append_inlines (markup, node);
      g_string_append (markup, "</a>");
      break;
    default:
      break;
    }
}

static void
append_inlines (GString *markup, cmark_node *parent)
{
  for (cmark_node *node = cmark_node_first_child (parent); node != NULL; node = cmark_node_next (node))
    append_inline (markup, node);
}

static gboolean
follow_cb (gpointer data)
{
  DinoscopeManualView *self = data;
  g_autofree char     *target = g_steal_pointer (&self->target);

  self->follow_source = 0;
  g_signal_emit (self, link_signal, 0, target);
  return G_SOURCE_REMOVE;
}

/* Following it replaces the very label that is still at work. */
static gboolean
link_cb (DinoscopeManualView *self, const char *target)
{
  g_free (self->target);
  self->target = g_strdup (target);
  if (self->follow_source == 0)
    self->follow_source = g_idle_add (follow_cb, self);
  return GDK_EVENT_STOP;
}

static GtkWidget *
new_label (DinoscopeManualView *self, cmark_node *node, GtkAccessibleRole role, const char *css_class)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  GtkWidget          *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", role, "xalign", 0.0, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);

  append_inlines (markup, node);
  gtk_label_set_markup (GTK_LABEL (label), markup->str);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  g_signal_connect_object (label, "activate-link", G_CALLBACK (link_cb), self, G_CONNECT_SWAPPED);
  return label;
}

/* Blocks. */

static void append_blocks (DinoscopeManualView *self, GtkWidget *box, cmark_node *parent);

static char *
make_anchor (const char *text)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  GString         *anchor = g_string_new (NULL);

  for (const char *c = lower; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_isalnum (g_utf8_get_char (c)) || *c == '-')
      g_string_append_unichar (anchor, g_utf8_get_char (c));
    else if (*c == ' ')
      g_string_append_c (anchor, '-');
  return g_string_free (anchor, FALSE);
}

static void
append_heading (DinoscopeManualView *self, GtkWidget *box, cmark_node *node)
{
  static const char *const classes[] = { "title-2", "title-4", "heading" };
  int                      level = cmark_node_get_heading_level (node);
  GtkWidget               *label = new_label (self, node, GTK_ACCESSIBLE_ROLE_HEADING, classes[CLAMP (level, 1, 3) - 1]);

  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LEVEL, level, -1);
  if (level > 1)
    gtk_widget_set_margin_top (label, 12);
  g_hash_table_insert (self->headings, make_anchor (gtk_label_get_text (GTK_LABEL (label))), label);
  gtk_box_append (GTK_BOX (box), label);
}

static GtkWidget *
new_picture (cmark_node *image)
{
  g_autoptr (GString)    alternative = g_string_new (NULL);
  g_autofree char       *path = g_strconcat (DINOSCOPE_MANUAL_PATH, cmark_node_get_url (image), NULL);
  g_autoptr (GBytes)     bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GdkTexture) texture = bytes != NULL ? gdk_texture_new_from_bytes (bytes, NULL) : NULL;
  GtkWidget             *picture;

  if (texture == NULL)
    return NULL;
  for (cmark_node *node = cmark_node_first_child (image); node != NULL; node = cmark_node_next (node))
    g_string_append (alternative, cmark_node_get_literal (node) != NULL ? cmark_node_get_literal (node) : " ");
  picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
  gtk_picture_set_alternative_text (GTK_PICTURE (picture), alternative->str);
  return picture;
}

/* A picture that is not there leaves what it would show, in words. */
static void
append_paragraph (DinoscopeManualView *self, GtkWidget *box, cmark_node *node)
{
  cmark_node *first = cmark_node_first_child (node);
  GtkWidget  *picture = NULL;

  if (first != NULL && cmark_node_next (first) == NULL && cmark_node_get_type (first) == CMARK_NODE_IMAGE)
    picture = new_picture (first);
  gtk_box_append (GTK_BOX (box), picture != NULL ? picture : new_label (self, node, GTK_ACCESSIBLE_ROLE_LABEL, NULL));
}

static void
append_item (DinoscopeManualView *self, GtkWidget *list, cmark_node *item, const char *bullet)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *label = gtk_label_new (bullet);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_hexpand (content, TRUE);
  append_blocks (self, content, item);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), content);
  gtk_box_append (GTK_BOX (list), row);
}

static void
append_list (DinoscopeManualView *self, GtkWidget *box, cmark_node *node)
{
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gboolean   numbered = cmark_node_get_list_type (node) == CMARK_ORDERED_LIST;
  int        number = cmark_node_get_list_start (node);

  gtk_widget_set_margin_start (list, 6);
  for (cmark_node *item = cmark_node_first_child (node); item != NULL; item = cmark_node_next (item))
    {
      g_autofree char *bullet = numbered ? g_strdup_printf ("%d.", number++) : g_strdup ("•");

      append_item (self, list, item, bullet);
    }
  gtk_box_append (GTK_BOX (box), list);
}

static void
append_code (GtkWidget *box, cmark_node *node)
{
  g_autofree char *code = g_strchomp (g_strdup (cmark_node_get_literal (node)));
  GtkWidget       *label = g_object_new (GTK_TYPE_LABEL, "label", code, "xalign", 0.0, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", TRUE, NULL);

  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "manual-code");
  gtk_box_append (GTK_BOX (box), label);
}

static void
append_quote (DinoscopeManualView *self, GtkWidget *box, cmark_node *node)
{
  GtkWidget *quote = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  gtk_widget_add_css_class (quote, "manual-quote");
  append_blocks (self, quote, node);
  gtk_box_append (GTK_BOX (box), quote);
}

static void
append_block (DinoscopeManualView *self, GtkWidget *box, cmark_node *node)
{
  switch (cmark_node_get_type (node))
    {
    case CMARK_NODE_HEADING:
      append_heading (self, box, node);
      break;
    case CMARK_NODE_PARAGRAPH:
      append_paragraph (self, box, node);
      break;
    case CMARK_NODE_LIST:
      append_list (self, box, node);
      break;
    case CMARK_NODE_CODE_BLOCK:
      append_code (box, node);
      break;
    case CMARK_NODE_BLOCK_QUOTE:
      append_quote (self, box, node);
      break;
    case CMARK_NODE_THEMATIC_BREAK:
      gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
      break;
    default:
      break;
    }
}

static void
append_blocks (DinoscopeManualView *self, GtkWidget *box, cmark_node *parent)
{
  for (cmark_node *node = cmark_node_first_child (parent); node != NULL; node = cmark_node_next (node))
    append_block (self, box, node);
}

static void
dinoscope_manual_view_dispose (GObject *object)
{
  DinoscopeManualView *self = DINOSCOPE_MANUAL_VIEW (object);

  g_clear_handle_id (&self->follow_source, g_source_remove);
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->headings, g_hash_table_unref);

  G_OBJECT_CLASS (dinoscope_manual_view_parent_class)->dispose (object);
}

static void
dinoscope_manual_view_class_init (DinoscopeManualViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_manual_view_dispose;

  link_signal = g_signal_new ("link", DINOSCOPE_TYPE_MANUAL_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
dinoscope_manual_view_init (DinoscopeManualView *self)
{
  self->headings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

GtkWidget *
dinoscope_manual_view_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_MANUAL_VIEW, NULL);
}

void
dinoscope_manual_view_set_text (DinoscopeManualView *self, const char *text)
{
  cmark_node *document;

  g_return_if_fail (DINOSCOPE_IS_MANUAL_VIEW (self));
  g_return_if_fail (text != NULL);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_hash_table_remove_all (self->headings);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  document = cmark_parse_document (text, strlen (text), CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
  append_blocks (self, self->box, document);
  cmark_node_free (document);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
dinoscope_manual_view_find_heading (DinoscopeManualView *self, const char *anchor)
{
  g_return_val_if_fail (DINOSCOPE_IS_MANUAL_VIEW (self), NULL);

  return g_hash_table_lookup (self->headings, anchor);
}
