#include "engine/dinoscope-map-style-private.h"

#include "core/base/text.h"
#include "engine/dinoscope-error.h"

struct _DinoscopeMapStyle
{
  GObject parent_instance;

  char           *colormap;
  double          opacity;
  double          threshold;
  double          low, high;
  DinoscopeSmooth smooth;
  guint           contours;
};

G_DEFINE_FINAL_TYPE (DinoscopeMapStyle, dinoscope_map_style, G_TYPE_OBJECT)

enum
{
  PROP_COLORMAP = 1,
  PROP_OPACITY,
  PROP_THRESHOLD,
  PROP_LOW,
  PROP_HIGH,
  PROP_SMOOTH,
  PROP_CONTOURS,
  N_PROPERTIES
};

static void
dinoscope_map_style_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  const DinoscopeMapStyle *self = DINOSCOPE_MAP_STYLE (object);

  switch (id)
    {
    case PROP_COLORMAP:
      g_value_set_string (value, self->colormap);
      break;
    case PROP_OPACITY:
      g_value_set_double (value, self->opacity);
      break;
    case PROP_THRESHOLD:
      g_value_set_double (value, self->threshold);
      break;
    case PROP_LOW:
      g_value_set_double (value, self->low);
      break;
    case PROP_HIGH:
      g_value_set_double (value, self->high);
      break;
    case PROP_SMOOTH:
      g_value_set_enum (value, self->smooth);
      break;
    case PROP_CONTOURS:
      g_value_set_uint (value, self->contours);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
dinoscope_map_style_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopeMapStyle *self = DINOSCOPE_MAP_STYLE (object);

  switch (id)
    {
    case PROP_COLORMAP:
      self->colormap = g_value_dup_string (value);
      break;
    case PROP_OPACITY:
      self->opacity = g_value_get_double (value);
      break;
    case PROP_THRESHOLD:
      self->threshold = g_value_get_double (value);
      break;
    case PROP_LOW:
      self->low = g_value_get_double (value);
      break;
    case PROP_HIGH:
      self->high = g_value_get_double (value);
      break;
    case PROP_SMOOTH:
      self->smooth = g_value_get_enum (value);
      break;
    case PROP_CONTOURS:
      self->contours = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
dinoscope_map_style_finalize (GObject *object)
{
  g_free (DINOSCOPE_MAP_STYLE (object)->colormap);
  G_OBJECT_CLASS (dinoscope_map_style_parent_class)->finalize (object);
}

static void
dinoscope_map_style_class_init (DinoscopeMapStyleClass *klass)
{
  const GParamFlags     flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GObjectClass         *object_class = G_OBJECT_CLASS (klass);
  struct dino_map_style standard;

  dino_map_style_init (&standard);
  object_class->get_property = dinoscope_map_style_get_property;
  object_class->set_property = dinoscope_map_style_set_property;
  object_class->finalize = dinoscope_map_style_finalize;
  {
    GParamSpec *properties[N_PROPERTIES] = {
      [PROP_COLORMAP] = g_param_spec_string ("colormap", NULL, NULL, NULL, flags),
      [PROP_OPACITY] = g_param_spec_double ("opacity", NULL, NULL, 0, 1, standard.opacity, flags),
      [PROP_THRESHOLD] = g_param_spec_double ("threshold", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, flags),
      [PROP_LOW] = g_param_spec_double ("low", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags),
      [PROP_HIGH] = g_param_spec_double ("high", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags),
      [PROP_SMOOTH] = g_param_spec_enum ("smooth", NULL, NULL, DINOSCOPE_TYPE_SMOOTH, (int) standard.smooth, flags),
      [PROP_CONTOURS] = g_param_spec_uint ("contours", NULL, NULL, 0, DINO_MAX_CONTOURS, 0, flags),
    };

    g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  }
}

static void
dinoscope_map_style_init (DinoscopeMapStyle *self)
{
}

gboolean
dinoscope_map_style_get_core (DinoscopeMapStyle *self, struct dino_map_style *core, GError **error)
{
  dino_map_style_init (core);
  if (self == NULL)
    return TRUE;

  core->opacity = self->opacity;
  core->has_threshold = self->threshold > -G_MAXDOUBLE;
  core->threshold = core->has_threshold ? self->threshold : 0;
  core->has_range = self->low < self->high;
  core->low = self->low;
  core->high = self->high;
  core->smooth = (enum dino_smooth) self->smooth;
  core->contours = (int) self->contours;
  core->colormap = self->colormap == NULL ? NULL : dino_colormap_find (self->colormap);
  if (self->colormap == NULL || core->colormap != NULL)
    return TRUE;
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("There is no colour map “%s”."), self->colormap);
  return FALSE;
}
