#include "dinoscope-version.h"

guint
dinoscope_get_major_version (void)
{
  return DINOSCOPE_MAJOR_VERSION;
}

guint
dinoscope_get_minor_version (void)
{
  return DINOSCOPE_MINOR_VERSION;
}

guint
dinoscope_get_micro_version (void)
{
  return DINOSCOPE_MICRO_VERSION;
}
