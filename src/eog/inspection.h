/* What happens in one window of eog, from the picture to the map over it. */
#pragma once

#include <eog/eog-window.h>

G_BEGIN_DECLS

typedef struct inspection Inspection;

/* Adds the sidebar's page and the overlay. Nothing runs before somebody asks for it. */
Inspection *inspection_new (EogWindow *window);

/* Takes all of it away again, and ends what runs. */
void inspection_free (Inspection *self);

G_END_DECLS
