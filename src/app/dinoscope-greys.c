#include "app/dinoscope-greys.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  struct dino_display display;
  gboolean            exchanged;
} State;

struct _DinoscopeGreys
{
  GObject parent_instance;

  DinoscopeStudy     *study;
  State               state;
  struct dino_display standard; /* what the study shows at first */

  gboolean held;

  gboolean           moving; /* window goes on from where the last movement ended */
  struct dino_window window; /* not rounded */
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (DinoscopeGreys, dinoscope_greys, G_TYPE_OBJECT)

static const struct dino_picture *
get_picture (DinoscopeGreys *self)
{
  return self->study != NULL ? dinoscope_study_get_picture (self->study) : NULL;
}

static const struct dino_grey_scale *
get_scale (DinoscopeGreys *self)
{
  return self->study != NULL ? get_picture (self)->grey : NULL;
}

static gboolean
states_equal (DinoscopeGreys *self, const State *one, const State *other)
{
  return one->exchanged == other->exchanged && dino_display_equal (get_picture (self), &one->display, &other->display);
}

static void
emit_changed (DinoscopeGreys *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static void
take_state (DinoscopeGreys *self, const State *state)
{
  if (states_equal (self, state, &self->state))
    return;
  self->state = *state;
  emit_changed (self);
}

static void
dinoscope_greys_dispose (GObject *object)
{
  DinoscopeGreys *self = DINOSCOPE_GREYS (object);

  g_clear_object (&self->study);

  G_OBJECT_CLASS (dinoscope_greys_parent_class)->dispose (object);
}

static void
dinoscope_greys_class_init (DinoscopeGreysClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_greys_dispose;

  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_greys_init (DinoscopeGreys *self)
{
}

DinoscopeGreys *
dinoscope_greys_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_GREYS, NULL);
}

static gboolean
is_same_picture (DinoscopeStudy *one, DinoscopeStudy *other)
{
  return one != NULL && other != NULL && g_str_equal (dinoscope_study_get_sha256 (one), dinoscope_study_get_sha256 (other));
}

void
dinoscope_greys_set_study (DinoscopeGreys *self, DinoscopeStudy *study)
{
  gboolean                   kept, chosen;
  g_autoptr (DinoscopeStudy) before = NULL;

  g_return_if_fail (DINOSCOPE_IS_GREYS (self));
  g_return_if_fail (study == NULL || DINOSCOPE_IS_STUDY (study));

  g_set_object (&before, self->study);
  if (!g_set_object (&self->study, study))
    return;
  kept = is_same_picture (before, study);
  chosen = kept && !dino_display_equal (get_picture (self), &self->state.display, &self->standard);
  self->held = self->moving = FALSE;
  if (study != NULL)
    self->standard = dino_display_resolve (get_picture (self), &dinoscope_study_get_preparation (study)->voi);
  if (!kept)
    self->state.exchanged = FALSE;
  if (!chosen)
    self->state.display = self->standard;
  emit_changed (self);
}

DinoscopeStudy *
dinoscope_greys_get_study (DinoscopeGreys *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), NULL);

  return self->study;
}

const struct dino_display *
dinoscope_greys_get_display (DinoscopeGreys *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), NULL);

  return &self->state.display;
}

gboolean
dinoscope_greys_get_inverted (DinoscopeGreys *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), FALSE);

  return self->study != NULL &&
         dino_display_is_inverted (get_picture (self), dinoscope_study_get_preparation (self->study)->invert) != (bool) self->state.exchanged;
}

gboolean
dinoscope_greys_get_exchanged (DinoscopeGreys *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), FALSE);

  return self->state.exchanged;
}

gboolean
dinoscope_greys_is_default (DinoscopeGreys *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), TRUE);

  return self->study == NULL ||
         (!self->state.exchanged && dino_display_equal (get_picture (self), &self->state.display, &self->standard));
}

gboolean
dinoscope_greys_has_windows (DinoscopeGreys *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), FALSE);

  return self->study != NULL && get_picture (self)->channels == 1;
}

guint
dinoscope_greys_get_n_presets (DinoscopeGreys *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), 0);

  return get_scale (self) != NULL ? (guint) get_scale (self)->n_voi : 0;
}

char *
dinoscope_greys_dup_preset_title (DinoscopeGreys *self, guint index)
{
  const struct dino_voi *voi;
  const char            *kind;

  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), NULL);
  g_return_val_if_fail (index < dinoscope_greys_get_n_presets (self), NULL);

  voi = &get_scale (self)->voi[index];
  kind = voi->lut != NULL ? _ ("Table") : C_ ("greys", "Window");
  if (voi->name[0] == '\0')
    return g_strdup_printf ("%s %u", kind, index + 1);
  return g_strdup_printf ("%s %u: %s", kind, index + 1, voi->name);
}

const struct dino_display *
dinoscope_greys_get_default (DinoscopeGreys *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), NULL);

  return &self->standard;
}

void
dinoscope_greys_set_display (DinoscopeGreys *self, const struct dino_display *display)
{
  State state;

  g_return_if_fail (DINOSCOPE_IS_GREYS (self));
  g_return_if_fail (display != NULL);

  if (!dinoscope_greys_has_windows (self))
    return;
  state = self->state;
  state.display = dino_display_resolve (get_picture (self), display);
  self->moving = FALSE;
  take_state (self, &state);
}

void
dinoscope_greys_set_exchanged (DinoscopeGreys *self, gboolean exchanged)
{
  State state;

  g_return_if_fail (DINOSCOPE_IS_GREYS (self));

  if (self->study == NULL)
    return;
  state = self->state;
  state.exchanged = !!exchanged;
  take_state (self, &state);
}

void
dinoscope_greys_reset (DinoscopeGreys *self)
{
  g_return_if_fail (DINOSCOPE_IS_GREYS (self));

  if (self->study == NULL)
    return;
  self->moving = FALSE;
  take_state (self, &(State){ .display = self->standard });
}

void
dinoscope_greys_move (DinoscopeGreys *self, double wider, double brighter)
{
  const struct dino_window_scale *scale;
  State                           state;

  g_return_if_fail (DINOSCOPE_IS_GREYS (self));

  if (!dinoscope_greys_has_windows (self) || (!self->moving && !dinoscope_greys_get_window (self, &self->window)))
    return;
  scale = dinoscope_study_get_window_scale (self->study);
  self->window = dino_window_moved (&self->window, scale, wider, brighter, dinoscope_greys_get_inverted (self));
  self->moving = self->held;
  state = self->state;
  state.display = (struct dino_display){ .kind = DINO_DISPLAY_WINDOW, .window = dino_window_rounded (&self->window, scale) };
  take_state (self, &state);
}

void
dinoscope_greys_hold (DinoscopeGreys *self)
{
  g_return_if_fail (DINOSCOPE_IS_GREYS (self));

  if (self->study == NULL || self->held)
    return;
  self->held = TRUE;
  emit_changed (self);
}

void
dinoscope_greys_release (DinoscopeGreys *self)
{
  g_return_if_fail (DINOSCOPE_IS_GREYS (self));

  if (!self->held)
    return;
  self->held = self->moving = FALSE;
  emit_changed (self);
}

gboolean
dinoscope_greys_is_held (DinoscopeGreys *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), FALSE);

  return self->held;
}

static gboolean
is_possible (DinoscopeGreys *self, const struct dino_display *display)
{
  return dinoscope_greys_has_windows (self) &&
         (display->kind != DINO_DISPLAY_FILE || (guint) display->voi < dinoscope_greys_get_n_presets (self));
}

GVariant *
dinoscope_greys_dup_state (DinoscopeGreys *self)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  char                  text[DINO_DISPLAY_LENGTH];

  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), NULL);

  if (dinoscope_greys_has_windows (self))
    g_variant_dict_insert (&dict, "window", "s", dino_display_format (&self->state.display, text));
  g_variant_dict_insert (&dict, "exchanged", "b", self->state.exchanged);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

void
dinoscope_greys_restore (DinoscopeGreys *self, GVariant *state)
{
  const char         *text;
  struct dino_display window;
  State               wanted;

  g_return_if_fail (DINOSCOPE_IS_GREYS (self));
  g_return_if_fail (g_variant_is_of_type (state, G_VARIANT_TYPE_VARDICT));

  if (self->study == NULL)
    return;
  wanted = self->state;
  g_variant_lookup (state, "exchanged", "b", &wanted.exchanged);
  if (g_variant_lookup (state, "window", "&s", &text) && dino_display_parse (text, &window) && is_possible (self, &window))
    wanted.display = dino_display_resolve (get_picture (self), &window);
  self->held = self->moving = FALSE;
  take_state (self, &wanted);
}

gboolean
dinoscope_greys_get_window (DinoscopeGreys *self, struct dino_window *window)
{
  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), FALSE);

  return self->study != NULL && dinoscope_study_get_window (self->study, &self->state.display, window);
}

const char *
dinoscope_greys_get_unit (DinoscopeGreys *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), "");

  return get_scale (self) != NULL ? get_scale (self)->unit : "";
}

/* Whole numbers as such, others to a hundredth of what can be set by hand. */
static char *
format_value (DinoscopeGreys *self, double value)
{
  double unit = dinoscope_study_get_window_scale (self->study)->unit;
  int    digits = value == floor (value) ? 0 : CLAMP ((int) ceil (-log10 (unit)), 1, 8);

  return g_strdup_printf ("%.*f", digits, value);
}

char *
dinoscope_greys_describe_window (DinoscopeGreys *self)
{
  struct dino_window window;
  g_autofree char   *center = NULL;
  g_autofree char   *width = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), NULL);

  if (!dinoscope_greys_get_window (self, &window))
    return g_strdup ("");
  center = format_value (self, window.center);
  width = format_value (self, window.width);
  /* Translators: centre and width of a window. */
  return g_strdup_printf (_ ("C %s W %s"), center, width);
}

static char *
describe_choice (DinoscopeGreys *self)
{
  if (dino_display_equal (get_picture (self), &self->state.display, &(struct dino_display){ .kind = DINO_DISPLAY_AUTO }) && get_picture (self)->bits == 8 && dinoscope_greys_get_n_presets (self) == 0)
    return g_strdup (_ ("As stored"));
  switch (self->state.display.kind)
    {
    case DINO_DISPLAY_FILE:
      return dinoscope_greys_dup_preset_title (self, (guint) self->state.display.voi);
    case DINO_DISPLAY_PERCENTILE:
      return g_strdup (_ ("Automatic"));
    case DINO_DISPLAY_FULL:
      return g_strdup (_ ("Full range"));
    case DINO_DISPLAY_AUTO:
    case DINO_DISPLAY_WINDOW:
    default:
      return g_strdup (_ ("By hand"));
    }
}

char *
dinoscope_greys_describe (DinoscopeGreys *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char    *window = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_GREYS (self), NULL);

  if (dinoscope_greys_has_windows (self))
    {
      g_autofree char *choice = describe_choice (self);

      window = dinoscope_greys_describe_window (self);
      g_string_append_printf (text, "%s   %s", choice, window);
      if (dinoscope_greys_get_unit (self)[0] != '\0')
        g_string_append_printf (text, " %s", dinoscope_greys_get_unit (self));
    }
  if (self->state.exchanged)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _ ("inverted"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}
