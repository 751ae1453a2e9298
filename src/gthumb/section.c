#include "gthumb/section.h"

#include <gth-browser.h>
#include <gth-image-viewer.h>
#include <gth-property-view.h>

#include "viewer/paint.h"
#include "viewer/session.h"

struct _DinoscopeGthumbSection
{
  GtkBox parent_instance;

  Session        *session;
  GthImageViewer *viewer; /* weak */

  /* What gThumb shows, as far as this section was told. */
  GFile   *file;
  time_t   time; /* of its last change */
  gboolean is_jpeg;

  /* What is painted; map is NULL where nothing is. */
  const Map  *map;
  double      opacity;
  struct turn turn;
};

static void implement_property_view (GthPropertyViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DinoscopeGthumbSection, dinoscope_gthumb_section, GTK_TYPE_BOX, G_IMPLEMENT_INTERFACE (GTH_TYPE_PROPERTY_VIEW, implement_property_view))

static GthBrowser *
find_browser (GtkWidget *widget)
{
  GtkWidget *window = gtk_widget_get_toplevel (widget);

  return GTH_IS_BROWSER (window) ? GTH_BROWSER (window) : NULL;
}

static void
find_viewer_cb (GtkWidget *widget, gpointer data)
{
  GthImageViewer **found = data;

  if (*found == NULL && GTH_IS_IMAGE_VIEWER (widget))
    *found = GTH_IMAGE_VIEWER (widget);
  else if (*found == NULL && GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), find_viewer_cb, data);
}

/* The page that has it is an extension's, whose headers are not installed. */
static GthImageViewer *
find_viewer (DinoscopeGthumbSection *self)
{
  GthBrowser     *browser = find_browser (GTK_WIDGET (self));
  GtkWidget      *page = browser != NULL ? gth_browser_get_viewer_widget (browser) : NULL;
  GthImageViewer *found = NULL;

  if (page != NULL)
    find_viewer_cb (page, &found);
  return found;
}

/* gThumb tells a folded section nothing of the next picture, and a picture that
 * is edited is not the file any more. */
static gboolean
is_current (DinoscopeGthumbSection *self)
{
  GthBrowser  *browser = find_browser (GTK_WIDGET (self));
  GthFileData *shown = browser != NULL ? gth_browser_get_current_file (browser) : NULL;

  return shown != NULL && self->file != NULL && g_file_equal (shown->file, self->file) && gth_file_data_get_mtime (shown) == self->time && !gth_browser_get_file_modified (browser);
}

static void
paint_cb (GthImageViewer *viewer, cairo_t *cr, gpointer data)
{
  DinoscopeGthumbSection *self = data;
  struct view             view = {
                .zoom = gth_image_viewer_get_zoom (viewer),
                .turn = self->turn,
                .x = viewer->image_area.x - viewer->visible_area.x,
                .y = viewer->image_area.y - viewer->visible_area.y,
                .scale = gtk_widget_get_scale_factor (GTK_WIDGET (viewer)),
  };

  gth_image_viewer_get_original_size (viewer, &view.width, &view.height);
  if (self->map != NULL && is_current (self))
    paint_map (cr, self->map, &view, self->opacity);
}

static void
set_viewer (DinoscopeGthumbSection *self, GthImageViewer *viewer)
{
  if (self->viewer == viewer)
    return;
  if (self->viewer != NULL)
    {
      gth_image_viewer_remove_painter (self->viewer, paint_cb, self);
      gtk_widget_queue_draw (GTK_WIDGET (self->viewer));
    }
  g_set_weak_pointer (&self->viewer, viewer);
  if (viewer != NULL)
    gth_image_viewer_add_painter (viewer, paint_cb, self);
}

static char *
get_path (gpointer data)
{
  DinoscopeGthumbSection *self = data;

  return self->file != NULL ? g_file_get_path (self->file) : NULL;
}

/* gThumb has its own size of what it shows, whatever it has loaded of it. It
 * turns JPEG as EXIF says, and nothing else. */
static gboolean
is_shown (const Encoded *encoded, gpointer data)
{
  DinoscopeGthumbSection *self = data;
  struct turn             turn = self->is_jpeg ? TURN_NONE : turn_inverse (turn_from_exif (encoded->orientation));
  int                     width = 0, height = 0;

  if (self->viewer == NULL || !is_current (self))
    return FALSE;
  gth_image_viewer_get_original_size (self->viewer, &width, &height);
  self->turn = turn;
  return width == (turn_swaps (turn) ? encoded->height : encoded->width) && height == (turn_swaps (turn) ? encoded->width : encoded->height);
}

static void
show (const Map *map, double opacity, gpointer data)
{
  DinoscopeGthumbSection *self = data;

  self->map = map;
  self->opacity = opacity;
  if (self->viewer != NULL)
    gtk_widget_queue_draw (GTK_WIDGET (self->viewer));
}

static void
set_picture (DinoscopeGthumbSection *self, GthFileData *data)
{
  time_t   time = data != NULL ? gth_file_data_get_mtime (data) : 0;
  gboolean same = data != NULL && self->file != NULL && g_file_equal (data->file, self->file) && time == self->time;

  if (same || (data == NULL && self->file == NULL))
    return;
  g_clear_object (&self->file);
  if (data != NULL)
    self->file = g_object_ref (data->file);
  self->time = time;
  session_set_picture (self->session, data != NULL);
}

static gboolean
can_be_encoded (GthFileData *data)
{
  const char *type = gth_file_data_get_mime_type (data);

  return g_file_peek_path (data->file) != NULL && type != NULL && (g_content_type_is_a (type, "image/png") || g_content_type_is_a (type, "image/jpeg"));
}

static gboolean
dinoscope_gthumb_section_can_view (GthPropertyView *view, GthFileData *data)
{
  DinoscopeGthumbSection *self = DINOSCOPE_GTHUMB_SECTION (view);
  gboolean                can = find_viewer (self) != NULL && can_be_encoded (data);

  if (!can)
    set_picture (self, NULL);
  return can;
}

/* Comes more than once for a picture: when its metadata are there, and with every change of them. */
static void
dinoscope_gthumb_section_set_file (GthPropertyView *view, GthFileData *data)
{
  DinoscopeGthumbSection *self = DINOSCOPE_GTHUMB_SECTION (view);
  const char             *type = data != NULL ? gth_file_data_get_mime_type (data) : NULL;

  set_viewer (self, find_viewer (self));
  self->is_jpeg = type != NULL && g_content_type_is_a (type, "image/jpeg");
  set_picture (self, data);
  session_update (self->session);
}

static const char *
dinoscope_gthumb_section_get_name (GthPropertyView *view)
{
  return "Dinoscope";
}

static const char *
dinoscope_gthumb_section_get_icon (GthPropertyView *view)
{
  return "io.github.dinoscope.Dinoscope-symbolic";
}

static void
implement_property_view (GthPropertyViewInterface *iface)
{
  iface->get_name = dinoscope_gthumb_section_get_name;
  iface->get_icon = dinoscope_gthumb_section_get_icon;
  iface->can_view = dinoscope_gthumb_section_can_view;
  iface->set_file = dinoscope_gthumb_section_set_file;
}

static void
dinoscope_gthumb_section_dispose (GObject *object)
{
  DinoscopeGthumbSection *self = DINOSCOPE_GTHUMB_SECTION (object);

  set_viewer (self, NULL);
  self->map = NULL;
  g_clear_pointer (&self->session, session_free);
  g_clear_object (&self->file);
  G_OBJECT_CLASS (dinoscope_gthumb_section_parent_class)->dispose (object);
}

static void
dinoscope_gthumb_section_class_init (DinoscopeGthumbSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_gthumb_section_dispose;
}

static void
dinoscope_gthumb_section_init (DinoscopeGthumbSection *self)
{
  static const SessionHost host = { get_path, is_shown, show };

  self->turn = TURN_NONE;
  self->session = session_new (SESSION_PLAIN, &host, self);
  gtk_box_pack_start (GTK_BOX (self), session_get_widget (self->session), TRUE, TRUE, 0);
}
