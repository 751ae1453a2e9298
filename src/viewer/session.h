/* What happens in one window of a viewer, from the picture to the map over it:
 * the page that is worked with, and the process that works. The viewer's part
 * (the host) knows the picture and paints. */
#pragma once

#include <gtk/gtk.h>

#include "viewer/map.h"

G_BEGIN_DECLS

typedef struct session Session;

/* The picture that was encoded: upright, and how it was turned for that (EXIF). */
typedef struct
{
  int width, height, orientation;
} Encoded;

typedef struct
{
  /* The file that is shown; NULL when it is none of this machine. (transfer full) */
  char *(*get_path) (gpointer host);

  /* FALSE when what is shown is not that picture. */
  gboolean (*is_shown) (const Encoded *encoded, gpointer host);

  /* map stays the session's until the next call; NULL: nothing over the picture. */
  void (*show) (const Map *map, double opacity, gpointer host);
} SessionHost;

typedef enum
{
  SESSION_SCROLLED, /* the page scrolls by itself */
  SESSION_PLAIN     /* what it is put into scrolls */
} SessionShape;

/* Nothing runs before somebody asks for it. */
Session *session_new (SessionShape shape, const SessionHost *host, gpointer data);

/* Ends what runs; host is not called any more. */
void session_free (Session *self);

/* The session's. */
GtkWidget *session_get_widget (Session *self);

/* Another picture, or none: nothing of the one before is left, and nothing begins. */
void session_set_picture (Session *self, gboolean there);

/* The picture lies on the screen in another way. */
void session_update (Session *self);

G_END_DECLS
