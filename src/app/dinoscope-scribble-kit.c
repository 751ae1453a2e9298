#include "app/dinoscope-scribble-kit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _DinoscopeScribbleKit
{
  GObject parent_instance;

  GArray  *classes; /* of DinoscopeScribbleClass */
  guint    next;    /* number of the next class */
  guint    current;
  double   brush;
  double   opacity;
  gboolean mask_visible;
  gboolean edges;
};

enum
{
  PROP_0,
  PROP_BRUSH,
  PROP_OPACITY,
  PROP_MASK_VISIBLE,
  PROP_EDGES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint       changed_signal;

G_DEFINE_FINAL_TYPE (DinoscopeScribbleKit, dinoscope_scribble_kit, G_TYPE_OBJECT)

static DinoscopeScribbleClass *
get_class (DinoscopeScribbleKit *self, guint index)
{
  return &g_array_index (self->classes, DinoscopeScribbleClass, index);
}

static void
clear_class (gpointer data)
{
  g_free (((DinoscopeScribbleClass *) data)->name);
}

static void
emit_changed (DinoscopeScribbleKit *self)
{
  g_signal_emit (self, changed_signal, 0);
}

/* What lies around is black in files, and would not be seen on a radiograph. */
static void
choose_color (guint index, guint8 rgb[3])
{
  static const guint8 around[3] = { 70, 110, 255 };

  if (index == 0)
    memcpy (rgb, around, sizeof around);
  else
    dino_classes_color ((int) index, rgb);
}

static void
append (DinoscopeScribbleKit *self, const char *name)
{
  DinoscopeScribbleClass added = { .number = self->next++, .name = g_strdup (name) };

  choose_color (self->classes->len, added.rgb);
  g_array_append_val (self->classes, added);
}

static void
dinoscope_scribble_kit_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DinoscopeScribbleKit *self = DINOSCOPE_SCRIBBLE_KIT (object);

  switch (id)
    {
    case PROP_BRUSH:
      g_value_set_double (value, self->brush);
      break;
    case PROP_OPACITY:
      g_value_set_double (value, self->opacity);
      break;
    case PROP_MASK_VISIBLE:
      g_value_set_boolean (value, self->mask_visible);
      break;
    case PROP_EDGES:
      g_value_set_boolean (value, self->edges);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_number (DinoscopeScribbleKit *self, double *number, double value, GParamSpec *pspec)
{
  if (*number == value)
    return;
  *number = value;
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
  emit_changed (self);
}

static void
set_flag (DinoscopeScribbleKit *self, gboolean *flag, gboolean value, GParamSpec *pspec)
{
  if (*flag == value)
    return;
  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
  emit_changed (self);
}

static void
dinoscope_scribble_kit_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopeScribbleKit *self = DINOSCOPE_SCRIBBLE_KIT (object);

  switch (id)
    {
    case PROP_BRUSH:
      set_number (self, &self->brush, g_value_get_double (value), pspec);
      break;
    case PROP_OPACITY:
      set_number (self, &self->opacity, g_value_get_double (value), pspec);
      break;
    case PROP_MASK_VISIBLE:
      set_flag (self, &self->mask_visible, g_value_get_boolean (value), pspec);
      break;
    case PROP_EDGES:
      set_flag (self, &self->edges, g_value_get_boolean (value), pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_scribble_kit_finalize (GObject *object)
{
  DinoscopeScribbleKit *self = DINOSCOPE_SCRIBBLE_KIT (object);

  g_array_unref (self->classes);
  G_OBJECT_CLASS (dinoscope_scribble_kit_parent_class)->finalize (object);
}

static void
dinoscope_scribble_kit_class_init (DinoscopeScribbleKitClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = dinoscope_scribble_kit_get_property;
  object_class->set_property = dinoscope_scribble_kit_set_property;
  object_class->finalize = dinoscope_scribble_kit_finalize;
  properties[PROP_BRUSH] = g_param_spec_double ("brush", NULL, NULL, DINOSCOPE_SCRIBBLE_MIN_BRUSH, DINOSCOPE_SCRIBBLE_MAX_BRUSH, 20, flags);
  properties[PROP_OPACITY] = g_param_spec_double ("opacity", NULL, NULL, 0, 1, 0.4, flags);
  properties[PROP_MASK_VISIBLE] = g_param_spec_boolean ("mask-visible", NULL, NULL, TRUE, flags);
  properties[PROP_EDGES] = g_param_spec_boolean ("edges", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_scribble_kit_init (DinoscopeScribbleKit *self)
{
  self->classes = g_array_new (FALSE, FALSE, sizeof (DinoscopeScribbleClass));
  g_array_set_clear_func (self->classes, clear_class);
  self->brush = 20;
  self->opacity = 0.4;
  self->mask_visible = TRUE;
  append (self, _ ("Background"));
  append (self, _ ("Structure"));
  self->current = 1;
}

DinoscopeScribbleKit *
dinoscope_scribble_kit_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_SCRIBBLE_KIT, NULL);
}

guint
dinoscope_scribble_kit_get_n (DinoscopeScribbleKit *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (self), 0);

  return self->classes->len;
}

const DinoscopeScribbleClass *
dinoscope_scribble_kit_get (DinoscopeScribbleKit *self, guint index)
{
  g_return_val_if_fail (index < dinoscope_scribble_kit_get_n (self), NULL);

  return get_class (self, index);
}

const DinoscopeScribbleClass *
dinoscope_scribble_kit_find (DinoscopeScribbleKit *self, guint number)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (self), NULL);

  for (guint i = 0; i < self->classes->len; i++)
    if (get_class (self, i)->number == number)
      return get_class (self, i);
  return NULL;
}

gboolean
dinoscope_scribble_kit_add (DinoscopeScribbleKit *self)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (self), FALSE);

  if (self->classes->len >= DINO_DECODER_MAX_CLASSES)
    return FALSE;
  name = g_strdup_printf (_ ("Structure %u"), self->next);
  append (self, name);
  self->current = self->classes->len - 1;
  emit_changed (self);
  return TRUE;
}

gboolean
dinoscope_scribble_kit_remove (DinoscopeScribbleKit *self, guint index)
{
  g_return_val_if_fail (index < dinoscope_scribble_kit_get_n (self), FALSE);

  if (self->classes->len <= DINO_DECODER_MIN_CLASSES)
    return FALSE;
  g_array_remove_index (self->classes, index);
  if (self->current > index || self->current == self->classes->len)
    self->current--;
  emit_changed (self);
  return TRUE;
}

void
dinoscope_scribble_kit_set_name (DinoscopeScribbleKit *self, guint index, const char *name)
{
  g_return_if_fail (index < dinoscope_scribble_kit_get_n (self));
  g_return_if_fail (name != NULL);

  if (*name == '\0' || strlen (name) >= DINO_CLASS_NAME_LENGTH || g_str_equal (get_class (self, index)->name, name))
    return;
  g_free (get_class (self, index)->name);
  get_class (self, index)->name = g_strdup (name);
  emit_changed (self);
}

void
dinoscope_scribble_kit_set_color (DinoscopeScribbleKit *self, guint index, const guint8 rgb[3])
{
  g_return_if_fail (index < dinoscope_scribble_kit_get_n (self));

  if (memcmp (get_class (self, index)->rgb, rgb, 3) == 0)
    return;
  memcpy (get_class (self, index)->rgb, rgb, 3);
  emit_changed (self);
}

guint
dinoscope_scribble_kit_get_current (DinoscopeScribbleKit *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (self), 0);

  return self->current;
}

void
dinoscope_scribble_kit_set_current (DinoscopeScribbleKit *self, guint index)
{
  g_return_if_fail (index < dinoscope_scribble_kit_get_n (self));

  if (self->current == index)
    return;
  self->current = index;
  emit_changed (self);
}

double
dinoscope_scribble_kit_get_brush (DinoscopeScribbleKit *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (self), 0);

  return self->brush;
}

double
dinoscope_scribble_kit_get_opacity (DinoscopeScribbleKit *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (self), 0);

  return self->opacity;
}

gboolean
dinoscope_scribble_kit_get_mask_visible (DinoscopeScribbleKit *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (self), FALSE);

  return self->mask_visible;
}

gboolean
dinoscope_scribble_kit_get_edges (DinoscopeScribbleKit *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (self), FALSE);

  return self->edges;
}

void
dinoscope_scribble_kit_get_classes (DinoscopeScribbleKit *self, struct dino_classes *classes)
{
  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (self));

  *classes = (struct dino_classes){ 0 };
  for (guint i = 0; i < self->classes->len; i++)
    {
      dino_classes_add (classes, (uint8_t) i, get_class (self, i)->name, NULL);
      memcpy (classes->list[i].rgb, get_class (self, i)->rgb, 3);
    }
}

void
dinoscope_scribble_kit_take_classes (DinoscopeScribbleKit *self, const struct dino_classes *classes)
{
  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (self));

  g_array_set_size (self->classes, MIN (self->classes->len, (guint) classes->n));
  for (guint i = 0; i < (guint) classes->n; i++)
    {
      if (i == self->classes->len)
        append (self, classes->list[i].name);
      g_free (get_class (self, i)->name);
      get_class (self, i)->name = g_strdup (classes->list[i].name);
    }
  self->current = MIN (self->current, self->classes->len - 1);
  emit_changed (self);
}
