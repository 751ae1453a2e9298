#include "viewer/session.h"

#include <glib/gi18n-lib.h>

#include "viewer/page.h"
#include "viewer/worker.h"

/* Milliseconds between two steps of a bar that does not know how long. */
#define PULSE 120

/* Seconds that a run has to end in, when it is cancelled, before its process is ended. */
#define PATIENCE 3

/* Seconds after which nobody who leafs through a folder is likely to encode
 * another picture soon: the encoder's memory is given back. */
#define RELEASE 300

struct session
{
  SessionHost host;
  gpointer    host_data;
  gboolean    there; /* a picture */
  Page       *page;
  Worker     *worker;

  PageState state;
  guint32   run;      /* serial of the encoding that is under way; 0: none */
  guint     pulse;    /* source */
  guint32   ending;   /* serial of a run that was cancelled and has not answered; 0: none */
  guint     patience; /* source */
  guint     release;  /* source */
  char     *notes;    /* on how the picture was read */

  guint32 map_request; /* serial of the map that is awaited; 0: none */
  Map    *map;
  Encoded encoded;
};

static void
stop_pulse (Session *self)
{
  g_clear_handle_id (&self->pulse, g_source_remove);
}

static void
stop_worker (Session *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_handle_id (&self->release, g_source_remove);
  self->ending = 0;
  worker_stop (self->worker);
}

static gboolean
stop_worker_cb (gpointer data)
{
  Session *self = data;

  self->patience = 0;
  stop_worker (self);
  return G_SOURCE_REMOVE;
}

static gboolean
release_cb (gpointer data)
{
  Session *self = data;

  self->release = 0;
  stop_worker (self);
  return G_SOURCE_REMOVE;
}

/* Asks for the end of the run, and does not wait for it. */
static void
end_run (Session *self)
{
  if (self->run == 0)
    return;
  self->ending = self->run;
  self->run = 0;
  worker_request (self->worker, "cancel", NULL);
  g_clear_handle_id (&self->patience, g_source_remove);
  self->patience = g_timeout_add_seconds (PATIENCE, stop_worker_cb, self);
}

static void
set_state (Session *self, PageState state)
{
  self->state = state;
  page_set_state (self->page, state);
  if (state != PAGE_RUNNING)
    {
      stop_pulse (self);
      self->run = 0;
    }
}

static void
drop_map (Session *self)
{
  self->host.show (NULL, 0, self->host_data);
  page_set_map (self->page, NULL);
  g_clear_pointer (&self->map, map_free);
  self->map_request = 0;
}

static void
show_map (Session *self)
{
  gboolean shown = self->map != NULL && page_get_map_shown (self->page) && self->host.is_shown (&self->encoded, self->host_data);

  self->host.show (shown ? self->map : NULL, page_get_opacity (self->page), self->host_data);
}

/* The process gives up the map before it, whether it was done or not. */
static void
want_map (gpointer data)
{
  Session  *self = data;
  GVariant *choice;

  if (self->state != PAGE_ENCODED)
    return;
  choice = page_get_choice (self->page);
  if (choice != NULL)
    self->map_request = worker_request (self->worker, "map", choice);
}

static void
look_changed (gpointer data)
{
  show_map (data);
}

static gboolean
pulse_cb (gpointer data)
{
  Session *self = data;

  page_set_progress (self->page, 0, 0);
  return G_SOURCE_CONTINUE;
}

static void
encode (gpointer data)
{
  Session         *self = data;
  g_autofree char *path = self->there ? self->host.get_path (self->host_data) : NULL;
  GVariantDict     values;
  guint32          serial;

  if (path == NULL)
    {
      page_set_status (self->page, _ ("Only files on this machine can be encoded."), TRUE);
      return;
    }
  drop_map (self);
  g_clear_handle_id (&self->release, g_source_remove);
  /* A process that is slow to end a run would be ended with this one in it. */
  if (self->ending != 0)
    stop_worker (self);
  set_state (self, PAGE_RUNNING);
  page_set_status (self->page, _ ("Encoding…"), FALSE);
  page_set_progress (self->page, 0, 1);
  self->pulse = g_timeout_add (PULSE, pulse_cb, self);
  g_variant_dict_init (&values, NULL);
  g_variant_dict_insert (&values, "path", "^ay", path);
  serial = worker_request (self->worker, "encode", g_variant_dict_end (&values));
  /* It may have failed at once. */
  if (self->state == PAGE_RUNNING)
    self->run = serial;
}

static void
cancel (gpointer data)
{
  Session *self = data;

  end_run (self);
  set_state (self, PAGE_READY);
  page_set_status (self->page, _ ("Cancelled."), FALSE);
}

static void
take_encoded (Session *self, GVariant *answer)
{
  g_autoptr (GVariant) overlays = g_variant_lookup_value (answer, "overlays", G_VARIANT_TYPE ("aa{sv}"));
  const char          *encoder = "", *notes = "";

  g_variant_lookup (answer, "encoder", "&s", &encoder);
  g_variant_lookup (answer, "notes", "&s", &notes);
  g_variant_lookup (answer, "width", "i", &self->encoded.width);
  g_variant_lookup (answer, "height", "i", &self->encoded.height);
  g_variant_lookup (answer, "orientation", "i", &self->encoded.orientation);
  page_set_encoder (self->page, encoder);
  if (overlays == NULL || !self->host.is_shown (&self->encoded, self->host_data))
    {
      set_state (self, PAGE_READY);
      page_set_status (self->page, _ ("The file is not the picture that is shown."), TRUE);
      return;
    }
  set_state (self, PAGE_ENCODED);
  g_free (self->notes);
  self->notes = g_strdup (notes);
  page_set_overlays (self->page, overlays);
  want_map (self);
}

static void
take_map (Session *self, GVariant *answer)
{
  Map *map = map_new (answer);

  self->map_request = 0;
  if (map != NULL)
    {
      Map *before = g_steal_pointer (&self->map);

      self->map = map;
      page_set_map (self->page, map);
      page_set_status (self->page, self->notes, FALSE);
      show_map (self);
      g_clear_pointer (&before, map_free);
    }
}

static void
take_failure (Session *self, guint32 serial, GVariant *answer)
{
  const char *message = "", *reason = "";
  gboolean    cancelled;

  g_variant_lookup (answer, "message", "&s", &message);
  g_variant_lookup (answer, "reason", "&s", &reason);
  cancelled = g_str_equal (reason, "cancelled");
  /* A map that cannot be made leaves the run's other maps alone. */
  if (serial != 0 && serial == self->map_request)
    drop_map (self);
  else
    {
      drop_map (self);
      set_state (self, self->there ? PAGE_READY : PAGE_EMPTY);
    }
  page_set_status (self->page, cancelled ? _ ("Cancelled.") : message, !cancelled);
}

static void
take_progress (Session *self, GVariant *answer)
{
  guint32 done = 0, total = 0;

  g_variant_lookup (answer, "done", "u", &done);
  g_variant_lookup (answer, "total", "u", &total);
  if (total > 0)
    stop_pulse (self);
  page_set_progress (self->page, done, total);
}

/* Whatever is about another picture, or about a map that was not waited for, is passed over. */
static void
ready (GVariant *answer, gpointer data)
{
  Session    *self = data;
  const char *kind = "";
  guint32     serial = 0;
  gboolean    of_run;

  g_variant_lookup (answer, "answer", "&s", &kind);
  g_variant_lookup (answer, "serial", "u", &serial);
  of_run = serial != 0 && serial == self->run;
  if (serial != 0 && serial == self->ending && !g_str_equal (kind, "progress"))
    {
      self->ending = 0;
      g_clear_handle_id (&self->patience, g_source_remove);
    }
  if (g_str_equal (kind, "failed") && (serial == 0 || of_run || serial == self->map_request))
    take_failure (self, serial, answer);
  else if (of_run && g_str_equal (kind, "progress"))
    take_progress (self, answer);
  else if (of_run && g_str_equal (kind, "encoded"))
    take_encoded (self, answer);
  else if (serial != 0 && serial == self->map_request && g_str_equal (kind, "map"))
    take_map (self, answer);
}

void
session_set_picture (Session *self, gboolean there)
{
  end_run (self);
  drop_map (self);
  self->there = there;
  if (self->release == 0)
    self->release = g_timeout_add_seconds (RELEASE, release_cb, self);
  set_state (self, there ? PAGE_READY : PAGE_EMPTY);
  page_set_status (self->page, there ? _ ("Nothing is computed before you ask for it.") : _ ("No picture is open."), FALSE);
}

void
session_update (Session *self)
{
  show_map (self);
}

GtkWidget *
session_get_widget (Session *self)
{
  return page_get_widget (self->page);
}

Session *
session_new (SessionShape shape, const SessionHost *host, gpointer data)
{
  static const PageEvents events = { encode, cancel, want_map, look_changed };
  Session                *self = g_new0 (Session, 1);

  self->host = *host;
  self->host_data = data;
  self->worker = worker_new (ready, self);
  self->page = page_new (shape == SESSION_SCROLLED, &events, self);
  return self;
}

void
session_free (Session *self)
{
  stop_worker (self);
  worker_free (self->worker);
  stop_pulse (self);
  page_free (self->page);
  g_clear_pointer (&self->map, map_free);
  g_free (self->notes);
  g_free (self);
}
