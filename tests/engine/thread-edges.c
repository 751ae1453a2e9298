/* Tells ThreadSanitizer what happens before what in GLib, which is not built
 * for it: GMutex and GCond sit on futexes, so a program that is correct looks
 * full of races. Preloaded into the tests of the build with b_sanitize=thread;
 * each function here is GLib's with an edge before or after it, and hides no
 * race between accesses that these functions do not order. */
#include <dlfcn.h>
#include <gio/gio.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* GLib's own function of that name. */
#define NEXT(function)                      \
  static __typeof__ (function) *next;       \
  if (g_atomic_pointer_get (&next) == NULL) \
  g_atomic_pointer_set (&next, dlsym (RTLD_NEXT, #function))

void
g_mutex_lock (GMutex *mutex)
{
  NEXT (g_mutex_lock);
  next (mutex);
  __tsan_acquire (mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked;

  NEXT (g_mutex_trylock);
  locked = next (mutex);
  if (locked)
    __tsan_acquire (mutex);
  return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  NEXT (g_mutex_unlock);
  __tsan_release (mutex);
  next (mutex);
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  NEXT (g_cond_wait);
  __tsan_release (mutex);
  next (cond, mutex);
  __tsan_acquire (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean signalled;

  NEXT (g_cond_wait_until);
  __tsan_release (mutex);
  signalled = next (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return signalled;
}

/* Who finds the location set loads it atomically in code that is instrumented. */
void (g_once_init_leave) (volatile void *location, gsize result)
{
  NEXT (g_once_init_leave);
  __tsan_release ((void *) location);
  next (location, result);
}

/* A callback sees what was done before it was set. */
typedef struct
{
  GSourceFunc    func;
  gpointer       data;
  GDestroyNotify destroy;
} Callback;

static gboolean
callback_call (gpointer data)
{
  Callback *callback = data;

  __tsan_acquire (callback);
  return callback->func (callback->data);
}

static void
callback_free (gpointer data)
{
  Callback *callback = data;

  __tsan_acquire (callback);
  if (callback->destroy != NULL)
    callback->destroy (callback->data);
  g_free (callback);
}

static Callback *
callback_new (GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  Callback *callback = g_new (Callback, 1);

  *callback = (Callback){ func, data, destroy };
  __tsan_release (callback);
  return callback;
}

void
g_source_set_callback (GSource *source, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  NEXT (g_source_set_callback);
  next (source, callback_call, callback_new (func, data, notify), callback_free);
}

/* The last reference is dropped after all that others did with theirs. Not the
 * last ones are dropped one at a time: else the last one could miss an edge of
 * one that was dropped beside it. What a last one drops in turn, which GLib may
 * have made it meanwhile, is not waited for. */
void (g_object_unref) (gpointer object)
{
  static volatile int      locks[64];
  static __thread gboolean is_locked;
  volatile int            *lock = &locks[((gsize) object >> 5) % G_N_ELEMENTS (locks)];
  gboolean                 is_last;
  NEXT (g_object_unref);

  if (is_locked)
    {
      next (object);
      return;
    }
  while (!g_atomic_int_compare_and_exchange (lock, 0, 1))
    g_thread_yield ();
  is_last = g_atomic_int_get ((volatile int *) &G_OBJECT (object)->ref_count) == 1;
  if (!is_last)
    {
      __tsan_release (object);
      is_locked = TRUE;
      next (object);
      is_locked = FALSE;
    }
  g_atomic_int_set (lock, 0);
  if (is_last)
    {
      __tsan_acquire (object);
      next (object);
    }
}

/* What bytes hold is freed after all who had a reference are done with it. */
typedef struct
{
  GBytes        *bytes;
  GDestroyNotify free_func;
  gpointer       data;
} Held;

static void
held_free (gpointer data)
{
  Held *held = data;

  __tsan_acquire (held->bytes);
  if (held->free_func != NULL)
    held->free_func (held->data);
  g_free (held);
}

GBytes *
g_bytes_new_with_free_func (gconstpointer data, gsize size, GDestroyNotify free_func, gpointer user_data)
{
  Held *held = g_new (Held, 1);

  NEXT (g_bytes_new_with_free_func);
  *held = (Held){ NULL, free_func, user_data };
  held->bytes = next (data, size, held_free, held);
  return held->bytes;
}

void
g_bytes_unref (GBytes *bytes)
{
  NEXT (g_bytes_unref);
  if (bytes != NULL)
    __tsan_release (bytes);
  next (bytes);
}
