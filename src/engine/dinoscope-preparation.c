#include "engine/dinoscope-preparation-private.h"

#include "core/base/text.h"
#include "engine/dinoscope-error.h"

struct _DinoscopePreparation
{
  GObject parent_instance;

  DinoscopeFit        fit;
  guint               input_size;
  DinoscopeModelGreys model_input;
  DinoscopeInvert     invert;
  char               *window;
  guint               frame;
  gboolean            apply_exif;
};

G_DEFINE_FINAL_TYPE (DinoscopePreparation, dinoscope_preparation, G_TYPE_OBJECT)

enum
{
  PROP_FIT = 1,
  PROP_INPUT_SIZE,
  PROP_MODEL_INPUT,
  PROP_INVERT,
  PROP_WINDOW,
  PROP_FRAME,
  PROP_APPLY_EXIF,
  N_PROPERTIES
};

static void
dinoscope_preparation_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  const DinoscopePreparation *self = DINOSCOPE_PREPARATION (object);

  switch (id)
    {
    case PROP_FIT:
      g_value_set_enum (value, self->fit);
      break;
    case PROP_INPUT_SIZE:
      g_value_set_uint (value, self->input_size);
      break;
    case PROP_MODEL_INPUT:
      g_value_set_enum (value, self->model_input);
      break;
    case PROP_INVERT:
      g_value_set_enum (value, self->invert);
      break;
    case PROP_WINDOW:
      g_value_set_string (value, self->window);
      break;
    case PROP_FRAME:
      g_value_set_uint (value, self->frame);
      break;
    case PROP_APPLY_EXIF:
      g_value_set_boolean (value, self->apply_exif);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
dinoscope_preparation_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopePreparation *self = DINOSCOPE_PREPARATION (object);

  switch (id)
    {
    case PROP_FIT:
      self->fit = g_value_get_enum (value);
      break;
    case PROP_INPUT_SIZE:
      self->input_size = g_value_get_uint (value);
      break;
    case PROP_MODEL_INPUT:
      self->model_input = g_value_get_enum (value);
      break;
    case PROP_INVERT:
      self->invert = g_value_get_enum (value);
      break;
    case PROP_WINDOW:
      self->window = g_value_dup_string (value);
      break;
    case PROP_FRAME:
      self->frame = g_value_get_uint (value);
      break;
    case PROP_APPLY_EXIF:
      self->apply_exif = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
dinoscope_preparation_finalize (GObject *object)
{
  g_free (DINOSCOPE_PREPARATION (object)->window);
  G_OBJECT_CLASS (dinoscope_preparation_parent_class)->finalize (object);
}

static void
dinoscope_preparation_class_init (DinoscopePreparationClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  GParamSpec       *properties[N_PROPERTIES] = {
          [PROP_FIT] = g_param_spec_enum ("fit", NULL, NULL, DINOSCOPE_TYPE_FIT, DINOSCOPE_FIT_CROP, flags),
          [PROP_INPUT_SIZE] = g_param_spec_uint ("input-size", NULL, NULL, 0, DINO_PICTURE_MAX_SIDE, 0, flags),
          [PROP_MODEL_INPUT] = g_param_spec_enum ("model-input", NULL, NULL, DINOSCOPE_TYPE_MODEL_GREYS, DINOSCOPE_MODEL_GREYS_MINMAX, flags),
          [PROP_INVERT] = g_param_spec_enum ("invert", NULL, NULL, DINOSCOPE_TYPE_INVERT, DINOSCOPE_INVERT_AUTO, flags),
          [PROP_WINDOW] = g_param_spec_string ("window", NULL, NULL, "auto", flags),
          [PROP_FRAME] = g_param_spec_uint ("frame", NULL, NULL, 0, G_MAXINT, 0, flags),
          [PROP_APPLY_EXIF] = g_param_spec_boolean ("apply-exif", NULL, NULL, TRUE, flags),
  };

  object_class->get_property = dinoscope_preparation_get_property;
  object_class->set_property = dinoscope_preparation_set_property;
  object_class->finalize = dinoscope_preparation_finalize;
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
dinoscope_preparation_init (DinoscopePreparation *self)
{
}

gboolean
dinoscope_preparation_get_core (DinoscopePreparation *self, struct dino_preparation *core, gboolean *ignore_exif, GError **error)
{
  *core = (struct dino_preparation){ 0 };
  *ignore_exif = FALSE;
  if (self == NULL)
    return TRUE;

  core->fit = (enum dino_fit) self->fit;
  core->input_size = (int) self->input_size;
  core->model_input = (enum dino_model_input) self->model_input;
  core->invert = (enum dino_invert) self->invert;
  core->frame = (int) self->frame;
  *ignore_exif = !self->apply_exif;
  if (self->window == NULL || dino_display_parse (self->window, &core->voi))
    return TRUE;
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER,
               _ ("A window is “auto”, “full”, “percentile”, a number from 0 to %d, or CENTER:WIDTH (“40:400”, “2653:900:sigmoid”), not “%s”."),
               DINO_VOI_MAX - 1, self->window);
  return FALSE;
}
