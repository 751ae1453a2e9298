#include "engine/dinoscope-plugin-private.h"

#include <dlfcn.h>

#include "core/base/text.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-paths-private.h"

#define MAX_ID 64

struct _DinoscopePlugin
{
  GObject parent_instance;

  char      *name;
  char      *path;
  GArray    *types; /* GType */
  GPtrArray *ids;   /* char *, NULL-terminated */
  gboolean   loaded;

  GMutex               lock; /* guards what follows */
  DinoscopePluginState state;
  char                *reason;
};

G_DEFINE_FINAL_TYPE (DinoscopePlugin, dinoscope_plugin, G_TYPE_OBJECT)
static G_DEFINE_QUARK (dinoscope - plugin - overlay, overlay)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What is known of a type; lives as long as the type. */
typedef struct
{
  DinoscopePlugin *plugin;
  char            *id;
  char            *title;
} Overlay;

static void
dinoscope_plugin_finalize (GObject *object)
{
  DinoscopePlugin *self = DINOSCOPE_PLUGIN (object);

  g_free (self->name);
  g_free (self->path);
  g_free (self->reason);
  g_array_unref (self->types);
  g_ptr_array_unref (self->ids);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (dinoscope_plugin_parent_class)->finalize (object);
}

static void
dinoscope_plugin_class_init (DinoscopePluginClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_plugin_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", DINOSCOPE_TYPE_PLUGIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_plugin_init (DinoscopePlugin *self)
{
  g_mutex_init (&self->lock);
  self->types = g_array_new (FALSE, FALSE, sizeof (GType));
  self->ids = g_ptr_array_new_null_terminated (0, g_free, TRUE);
}

static gboolean
changed_cb (gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* Never on this thread, which may be one of an engine. */
static void
tell (DinoscopePlugin *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, changed_cb, g_object_ref (self), g_object_unref);
}

/* As the end of a sentence, which has its own full stop. */
static char *
without_stop (const char *text)
{
  char *reason = g_utf8_make_valid (text, -1);
  gsize length;

  g_strchomp (reason);
  length = strlen (reason);
  if (length > 0 && reason[length - 1] == '.')
    reason[length - 1] = '\0';
  return reason;
}

void
dinoscope_plugin_switch_off (DinoscopePlugin *self, DinoscopePluginState state, const char *reason)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = self->state == DINOSCOPE_PLUGIN_IN_USE;
  if (changed)
    {
      self->state = state;
      self->reason = without_stop (reason);
    }
  g_mutex_unlock (&self->lock);
  /* What is found while it is loaded is there from the start. */
  if (changed && self->loaded)
    tell (self);
}

static void
refuse (DinoscopePlugin *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
refuse (DinoscopePlugin *self, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list          values;

  va_start (values, format);
  reason = g_strdup_vprintf (format, values);
  va_end (values);
  dinoscope_plugin_switch_off (self, DINOSCOPE_PLUGIN_REFUSED, reason);
}

/* As on a command line and in files: "linear-probe". */
static gboolean
is_id (const char *text)
{
  gsize length = 0;

  if (text == NULL || !g_ascii_islower (*text))
    return FALSE;
  for (; text[length] != '\0'; length++)
    if (length >= MAX_ID || !(g_ascii_islower (text[length]) || g_ascii_isdigit (text[length]) || text[length] == '-'))
      return FALSE;
  return TRUE;
}

static gboolean
is_title (const char *text)
{
  return text != NULL && *text != '\0' && g_utf8_validate (text, -1, NULL);
}

static gboolean
is_complete (GType type)
{
  g_autoptr (GTypeClass)                   klass = g_type_class_ref (type);
  const DinoscopeOverlayProviderInterface *iface = g_type_interface_peek (klass, DINOSCOPE_TYPE_OVERLAY_PROVIDER);

  return iface->get_id != NULL && iface->get_title != NULL && iface->list_parameters != NULL && iface->get_needs != NULL && iface->compute != NULL;
}

static gboolean
is_known (const char *id)
{
  GIOExtensionPoint *point = g_io_extension_point_lookup (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT);

  return point != NULL && g_io_extension_point_get_extension_by_name (point, id) != NULL;
}

static void
add_checked (DinoscopePlugin *self, GType type, const char *id, const char *title)
{
  Overlay *overlay = g_new (Overlay, 1);

  overlay->plugin = self;
  overlay->id = g_strdup (id);
  overlay->title = g_strdup (title);
  g_type_set_qdata (type, overlay_quark (), overlay);
  g_array_append_val (self->types, type);
  g_ptr_array_add (self->ids, g_strdup (id));
}

void
dinoscope_plugin_add_overlay (DinoscopePlugin *self, GType type)
{
  g_autoptr (DinoscopeOverlayProvider)     provider = NULL;
  const DinoscopeOverlayProviderInterface *iface;
  const char                              *id, *title;

  g_return_if_fail (DINOSCOPE_IS_PLUGIN (self));

  if (type == G_TYPE_INVALID || !G_TYPE_IS_OBJECT (type) || G_TYPE_IS_ABSTRACT (type) || !g_type_is_a (type, DINOSCOPE_TYPE_OVERLAY_PROVIDER))
    {
      refuse (self, _ ("what it adds is no overlay"));
      return;
    }
  if (g_type_get_qdata (type, overlay_quark ()) != NULL)
    {
      refuse (self, _ ("it adds the same overlay twice"));
      return;
    }
  if (!is_complete (type))
    {
      refuse (self, _ ("its overlay lacks a function of the interface"));
      return;
    }
  provider = g_object_new (type, NULL);
  iface = DINOSCOPE_OVERLAY_PROVIDER_GET_IFACE (provider);
  id = iface->get_id (provider);
  title = iface->get_title (provider);
  if (!is_id (id))
    refuse (self, _ ("the id of its overlay is not of a to z, 0 to 9 and hyphens"));
  else if (!is_title (title))
    refuse (self, _ ("its overlay “%s” has no title"), id);
  else if (is_known (id) || g_strv_contains (dinoscope_plugin_get_overlays (self), id))
    refuse (self, _ ("there is another overlay “%s” already"), id);
  else
    add_checked (self, type, id, title);
}

static void
load (DinoscopePlugin *self, void *module)
{
  guint (*api_version) (void);
  void (*load_overlays) (DinoscopePlugin * plugin);

  *(void **) &api_version = dlsym (module, "dinoscope_plugin_api_version");
  *(void **) &load_overlays = dlsym (module, "dinoscope_plugin_load");
  if (api_version == NULL || load_overlays == NULL)
    refuse (self, _ ("it is no plug-in for Dinoscope"));
  else if (api_version () != DINOSCOPE_PLUGIN_API_VERSION)
    refuse (self, _ ("it is made for version %u of the interface for plug-ins, and this is version %d"), api_version (), DINOSCOPE_PLUGIN_API_VERSION);
  else
    {
      load_overlays (self);
      if (self->types->len == 0)
        refuse (self, _ ("it adds no overlay"));
    }
}

static char *
name_of (const char *path)
{
  char *name = g_path_get_basename (path);
  char *dot = strrchr (name, '.');

  if (dot != NULL && dot > name)
    *dot = '\0';
  if (g_str_has_prefix (name, "lib"))
    memmove (name, name + 3, strlen (name + 3) + 1);
  return name;
}

DinoscopePlugin *
dinoscope_plugin_new (const char *path)
{
  DinoscopePlugin *self = g_object_new (DINOSCOPE_TYPE_PLUGIN, NULL);
  g_autofree char *name = name_of (path);
  void            *module;

  self->path = g_strdup (path);
  self->name = dinoscope_display_name (name);
  /* All symbols at once, so that one that is missing is met here and not in
   * the middle of a call; never closed, whatever follows: what it links may not
   * bear that. */
  module = dlopen (path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (module == NULL)
    refuse (self, "%s", dlerror ());
  else
    load (self, module);
  if (self->state != DINOSCOPE_PLUGIN_IN_USE)
    {
      g_array_set_size (self->types, 0);
      g_ptr_array_set_size (self->ids, 0);
    }
  self->loaded = TRUE;
  return self;
}

GArray *
dinoscope_plugin_get_types (DinoscopePlugin *self)
{
  return self->types;
}

static const Overlay *
overlay_of (GType type)
{
  return g_type_get_qdata (type, overlay_quark ());
}

DinoscopePlugin *
dinoscope_plugins_find (GType type)
{
  const Overlay *overlay = overlay_of (type);

  return overlay != NULL ? overlay->plugin : NULL;
}

const char *
dinoscope_plugin_get_overlay_id (GType type)
{
  return overlay_of (type)->id;
}

const char *
dinoscope_plugin_get_overlay_title (GType type)
{
  return overlay_of (type)->title;
}

const char *
dinoscope_plugin_get_name (DinoscopePlugin *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PLUGIN (self), NULL);
  return self->name;
}

const char *
dinoscope_plugin_get_path (DinoscopePlugin *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PLUGIN (self), NULL);
  return self->path;
}

const char *const *
dinoscope_plugin_get_overlays (DinoscopePlugin *self)
{
  static const char *const none[] = { NULL };

  g_return_val_if_fail (DINOSCOPE_IS_PLUGIN (self), NULL);
  return self->ids->len > 0 ? (const char *const *) self->ids->pdata : none;
}

DinoscopePluginState
dinoscope_plugin_get_state (DinoscopePlugin *self)
{
  DinoscopePluginState state;

  g_return_val_if_fail (DINOSCOPE_IS_PLUGIN (self), DINOSCOPE_PLUGIN_REFUSED);
  g_mutex_lock (&self->lock);
  state = self->state;
  g_mutex_unlock (&self->lock);
  return state;
}

char *
dinoscope_plugin_dup_reason (DinoscopePlugin *self)
{
  char *reason;

  g_return_val_if_fail (DINOSCOPE_IS_PLUGIN (self), NULL);
  g_mutex_lock (&self->lock);
  reason = g_strdup (self->reason);
  g_mutex_unlock (&self->lock);
  return reason;
}

char *
dinoscope_plugin_describe_problem (DinoscopePlugin *self)
{
  g_autofree char     *reason = NULL;
  DinoscopePluginState state;

  g_return_val_if_fail (DINOSCOPE_IS_PLUGIN (self), NULL);
  g_mutex_lock (&self->lock);
  state = self->state;
  reason = g_strdup (self->reason);
  g_mutex_unlock (&self->lock);
  switch (state)
    {
    case DINOSCOPE_PLUGIN_REFUSED:
      return g_strdup_printf (_ ("The plug-in “%s” cannot be used: %s."), self->name, reason);
    case DINOSCOPE_PLUGIN_OFF:
      return g_strdup_printf (_ ("The plug-in “%s” failed and was switched off: %s."), self->name, reason);
    case DINOSCOPE_PLUGIN_LEFT_BEHIND:
      return g_strdup_printf (_ ("The plug-in “%s” is not used any more: %s."), self->name, reason);
    case DINOSCOPE_PLUGIN_IN_USE:
    default:
      return NULL;
    }
}

gboolean
dinoscope_plugin_check (DinoscopePlugin *self, GError **error)
{
  g_autofree char *problem = dinoscope_plugin_describe_problem (self);

  if (problem == NULL)
    return TRUE;
  g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY, problem);
  return FALSE;
}

gboolean
dinoscope_plugin_use_again (DinoscopePlugin *self)
{
  gboolean was_off;

  g_return_val_if_fail (DINOSCOPE_IS_PLUGIN (self), FALSE);
  g_mutex_lock (&self->lock);
  was_off = self->state == DINOSCOPE_PLUGIN_OFF;
  if (was_off)
    {
      self->state = DINOSCOPE_PLUGIN_IN_USE;
      g_clear_pointer (&self->reason, g_free);
    }
  g_mutex_unlock (&self->lock);
  if (was_off)
    tell (self);
  return was_off;
}
