#pragma once

#include "app/dinoscope-facts.h"

G_BEGIN_DECLS

/* A picture as it is shown. */
typedef struct
{
  DinoscopeStudy             *study;
  const struct dino_geometry *geometry; /* what the model sees; NULL when that is not known */
  gboolean                    alone;    /* a sandbox hides the pictures beside it */
  const char                 *display;  /* what is shown, in words; NULL: what the study shows at first */
} DinoscopeShownPicture;

/* What the file says, what was applied for the display and for the model, and
 * what the model sees; nothing that names the patient. */
void dinoscope_facts_of_picture (const DinoscopeShownPicture *shown, DinoscopeFactFunc func, gpointer user_data);

/* What may lead to a person; to be asked for only when somebody wants to see it. */
void     dinoscope_facts_of_patient (DinoscopeStudy *study, DinoscopeFactFunc func, gpointer user_data);
gboolean dinoscope_facts_has_patient (DinoscopeStudy *study);

G_END_DECLS
