#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Takes the items out of menu, of its sections and of its submenus, which have to
 * be GMenus. For a menu that is of no use any more: GTK 4.8 never gives back the
 * reference on a submenu that a popover has shown, so what is left in one stays
 * as long as the process. */
void dinoscope_menu_clear (GMenu *menu);

G_END_DECLS
