#include "app/dinoscope-lost-display.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>

/* Xlib does not let its caller go on. Nothing has to be put in order: files get
 * their names when they are whole, and processes end with the one that started them. */
static int
lost_cb (Display *display)
{
  g_printerr (_ ("The connection to the display %s was lost.\n"), DisplayString (display));
  _exit (EXIT_FAILURE);
}
#endif

void
dinoscope_lost_display_tell (GdkDisplay *display)
{
  g_return_if_fail (GDK_IS_DISPLAY (display));

#ifdef GDK_WINDOWING_X11
  if (GDK_IS_X11_DISPLAY (display))
    XSetIOErrorHandler (lost_cb);
#endif
}
