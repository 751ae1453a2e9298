#include "watch.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How often the watchdog looks, and after how many limits it ends the process. */
#define LOOK_USEC 250000
#define PATIENCE 12

static struct
{
  atomic_uint findings;
  gboolean    own; /* what GTK says does not count */
  GMutex      lock;
  char       *place;
  pthread_t   thread;
  int         tid;
  double      limit;
  atomic_uint turns;    /* of the main loop */
  atomic_bool sleeping; /* in poll() */
  atomic_bool ended;
} watch;

/* What GTK 4.8.3 and libadwaita 1.2.2 say of themselves, with the place in their source
 * that does so whatever the program does. */
static const char *const known[] = {
  /* gtktooltip.c, gtk_tooltip_show_tooltip(): the tooltip's time has come, and what it is of
   * has no surface any more; only gtk_window_destroy() takes it back, hiding does not. */
  "gdk_surface_get_device_position",
  /* gtkmain.c, set_widget_active_state(): counts for all ancestors when a button of the
   * pointer is pressed and when it is released, also when these are others by then. */
  "Broken accounting of active state",
  /* gtkpopover.c, gtk_popover_focus() and others: nothing in the window has the focus. */
  "gtk_widget_is_ancestor: assertion 'GTK_IS_WIDGET (widget)' failed",
  /* gdksurface-x11.c, gdk_x11_surface_layout_popup(): no monitor is where the popup would
   * be, which happens without a window manager; the second answer is not looked at. */
  "gdk_monitor_get_geometry: assertion 'GDK_IS_MONITOR (monitor)' failed",
  /* adw-tab.c, close_clicked_cb(): closes in an idle handler that nothing takes back when
   * the tab has gone meanwhile. */
  "adw_tab_view_close_page: assertion",
  /* gtkpathbar.c, gtk_path_bar_size_allocate(), in the file dialog: shows its two arrows after
   * it has allocated them, so that they are not when they are painted. */
  "Trying to snapshot GtkButton",
  /* gtktext.c, blink_cb(): a text that can no longer have the focus (insensitive, or in
   * another window meanwhile) is not told that it has lost it (GTK issue 5845). */
  "did not receive a focus-out event",
  /* gtklistbase.c, adjustment_value_changed_cb(): the list was emptied and its rows go only
   * later. GTK's later versions ask how many there are, and say nothing then. */
  "failed to scroll to given position",
};

static atomic_uint heard[G_N_ELEMENTS (known)];

/* Of the calling thread. Function names, addresses where there are none. */
static void
print_stack (void)
{
  void *frames[64];

  backtrace_symbols_fd (frames, backtrace (frames, G_N_ELEMENTS (frames)), STDERR_FILENO);
}

#ifdef __SANITIZE_ADDRESS__
/* GLib begins with room for 2,048 quarks. When there are more it makes another array and
 * leaves this one on purpose, for readers without a lock (glib/gquark.c, quark_new()):
 * 16,384 bytes of libglib's constructor, which are no leak as long as they are known. */
void __sanitizer_malloc_hook (const volatile void *block, size_t size);

void
__sanitizer_malloc_hook (const volatile void *block, size_t size)
{
  static const volatile void *quarks;

  if (quarks == NULL && size == 2048 * sizeof (char *))
    quarks = block;
}

/* Modules stay loaded: what only their own variables point at would be told as a
 * leak, and without a name, once they are gone. */
int
dlclose (void *handle)
{
  return 0;
}
#endif

void
watch_set_place (const char *place)
{
  g_mutex_lock (&watch.lock);
  g_free (watch.place);
  watch.place = g_strdup (place);
  g_mutex_unlock (&watch.lock);
}

void
watch_find (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list          arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  atomic_fetch_add (&watch.findings, 1);
  g_mutex_lock (&watch.lock);
  fprintf (stderr, "FINDING at %s: %s\n", watch.place != NULL ? watch.place : "start", text);
  g_mutex_unlock (&watch.lock);
  fflush (stderr);
}

guint
watch_get_n_findings (void)
{
  return atomic_load (&watch.findings);
}

static GLogWriterOutput
writer (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  const char *message = "", *domain = "";

  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      message = fields[i].value;
    else if (g_str_equal (fields[i].key, "GLIB_DOMAIN"))
      domain = fields[i].value;
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) == 0)
    return G_LOG_WRITER_HANDLED;
  if (watch.own && (g_str_equal (domain, "Gtk") || g_str_equal (domain, "Gdk") || g_str_equal (domain, "Adwaita")))
    return G_LOG_WRITER_HANDLED;
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (strstr (message, known[i]) != NULL)
      {
        atomic_fetch_add (&heard[i], 1);
        return G_LOG_WRITER_HANDLED;
      }
  watch_find ("%s: %s", domain, message);
  print_stack ();
  return G_LOG_WRITER_HANDLED;
}

static int
poll_func (GPollFD *fds, guint n_fds, int timeout)
{
  int ready;

  atomic_store (&watch.sleeping, TRUE);
  ready = g_poll (fds, n_fds, timeout);
  atomic_store (&watch.sleeping, FALSE);
  atomic_fetch_add (&watch.turns, 1);
  return ready;
}

/* Seconds for which the thread could have run but the system let others: a busy
 * machine is no finding. */
static double
get_waited (void)
{
  g_autofree char   *path = g_strdup_printf ("/proc/self/task/%d/schedstat", watch.tid);
  g_autofree char   *text = NULL;
  unsigned long long ran = 0, waited = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL) || sscanf (text, "%llu %llu", &ran, &waited) != 2)
    return 0;
  return (double) waited / 1e9;
}

static void
stack_signal (int number)
{
  print_stack ();
}

static gpointer
watchdog (gpointer data)
{
  guint    turns = 0, told = 0;
  gint64   since = g_get_monotonic_time ();
  double   waited = 0;
  gboolean timing = FALSE;

  while (!atomic_load (&watch.ended))
    {
      const guint now = atomic_load (&watch.turns);
      double      blocked;

      g_usleep (LOOK_USEC);
      if (!timing || now != turns || atomic_load (&watch.sleeping))
        {
          timing = TRUE;
          turns = now;
          told = 0;
          since = g_get_monotonic_time ();
          waited = get_waited ();
          continue;
        }
      blocked = (double) (g_get_monotonic_time () - since) / G_USEC_PER_SEC - (get_waited () - waited);
      if (blocked > watch.limit * (told + 1))
        {
          told++;
          watch_find ("the main loop has not turned for %.1f s", blocked);
          pthread_kill (watch.thread, SIGUSR2);
          if (told > PATIENCE)
            abort ();
        }
    }
  return NULL;
}

void
watch_end (void)
{
  atomic_store (&watch.ended, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (atomic_load (&heard[i]) > 0)
      g_print ("known, %u times: %s\n", atomic_load (&heard[i]), known[i]);
}

void
watch_begin (double limit, gboolean own)
{
  void *frame[1];

  /* The first call loads libgcc, which a signal's handler must not. */
  backtrace (frame, 1);
  watch.limit = limit;
  watch.own = own;
  watch.thread = pthread_self ();
  watch.tid = (int) syscall (SYS_gettid);
  signal (SIGUSR2, stack_signal);
  /* All of them are wanted, also where G_DEBUG would have the first end the process. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_writer_func (writer, NULL, NULL);
  g_main_context_set_poll_func (NULL, poll_func);
  g_thread_unref (g_thread_new ("watchdog", watchdog, NULL));
}
