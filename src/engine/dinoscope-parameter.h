#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  DINOSCOPE_PARAMETER_BOOL,    /* b */
  DINOSCOPE_PARAMETER_INT,     /* i */
  DINOSCOPE_PARAMETER_DOUBLE,  /* d */
  DINOSCOPE_PARAMETER_ENUM,    /* s, one of choices */
  DINOSCOPE_PARAMETER_PATCH,   /* (ii): row, column */
  DINOSCOPE_PARAMETER_PATCHES, /* a(ii) */
  DINOSCOPE_PARAMETER_FILE     /* s: a path, "" for none */
} DinoscopeParameterType;

#define DINOSCOPE_TYPE_PARAMETER (dinoscope_parameter_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeParameter, dinoscope_parameter, DINOSCOPE, PARAMETER, GObject)

/* The description of one parameter of an overlay: from it rows of the panel
 * and options of the command line are made. Immutable. */

DinoscopeParameter *dinoscope_parameter_new_bool (const char *name, const char *title, gboolean standard);
DinoscopeParameter *dinoscope_parameter_new_int (const char *name, const char *title, int low, int high, int standard);
DinoscopeParameter *dinoscope_parameter_new_double (const char *name, const char *title, double low, double high, double standard);

/* choices and choice_titles are NULL-terminated and of equal length. */
DinoscopeParameter *dinoscope_parameter_new_enum (const char *name, const char *title, const char *const *choices, const char *const *choice_titles, const char *standard);
DinoscopeParameter *dinoscope_parameter_new_patch (const char *name, const char *title);
DinoscopeParameter *dinoscope_parameter_new_patches (const char *name, const char *title);
DinoscopeParameter *dinoscope_parameter_new_file (const char *name, const char *title);

/* An optional parameter may be absent from the values ("off"); others take their default. */
void     dinoscope_parameter_set_optional (DinoscopeParameter *self, gboolean optional);
gboolean dinoscope_parameter_is_optional (DinoscopeParameter *self);

const char            *dinoscope_parameter_get_name (DinoscopeParameter *self);
const char            *dinoscope_parameter_get_title (DinoscopeParameter *self);
DinoscopeParameterType dinoscope_parameter_get_parameter_type (DinoscopeParameter *self);
void                   dinoscope_parameter_get_range (DinoscopeParameter *self, double *low, double *high);
const char *const     *dinoscope_parameter_get_choices (DinoscopeParameter *self);
const char *const     *dinoscope_parameter_get_choice_titles (DinoscopeParameter *self);

/* (transfer none), never floating; NULL when optional and off by default. */
GVariant *dinoscope_parameter_get_default (DinoscopeParameter *self);

/* Checks type and range. */
gboolean dinoscope_parameter_check (DinoscopeParameter *self, GVariant *value, GError **error);

/* The value that text stands for on the command line ("3", "true", "12:7",
 * "12:7,13:8"), checked; decimal point in every locale. (transfer full) */
GVariant *dinoscope_parameter_parse (DinoscopeParameter *self, const char *text, GError **error);

/* values (a{sv}, may be NULL) completed with defaults and checked; unknown
 * names are errors. (transfer full), not floating. */
GVariant *dinoscope_parameters_complete (GListModel *parameters, GVariant *values, GError **error);

G_END_DECLS
