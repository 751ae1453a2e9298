"""A real eog with our plug-in and the driver in it."""
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "viewer"))
from viewertest import Viewer, environment  # noqa: E402

SETTINGS = """[org/gnome/eog/plugins]
active-plugins=['eog-driver', 'dinoscope-eog']

[org/gnome/eog/ui]
sidebar=true
image-gallery=false
disable-close-confirmation=true

[org/gnome/eog/view]
autorotate=%s
"""
DRIVER = "[Plugin]\nModule=eog-driver\nIAge=3\nName=Driver\n"


class Eog(Viewer):
    """files: what is opened, of one folder. cli: what the plug-in starts."""

    def __init__(self, plugin, driver, cli, files, scale=1, autorotate=True, prefix=(), extra=None):
        super().__init__("eog")
        root = self.root
        plugins = root / "share/eog/plugins"
        plugins.mkdir(parents=True)
        shutil.copy(plugin, plugins)
        shutil.copy(Path(plugin).with_name("dinoscope-eog.plugin"), plugins)
        shutil.copy(driver, plugins)
        (plugins / "eog-driver.plugin").write_text(DRIVER)
        settings = root / "config/glib-2.0/settings"
        settings.mkdir(parents=True)
        (settings / "keyfile").write_text(SETTINGS % ("true" if autorotate else "false"))
        pictures = root / "pictures"
        pictures.mkdir()
        for file in files:
            shutil.copy(file, pictures)
        names = environment(root, scale)
        names.update(DINOSCOPE_CLI=str(cli), DINOSCOPE_EOG_DRIVER=self.address, **(extra or {}))
        self.process = subprocess.Popen([*prefix, "eog", "--new-instance", str(pictures / Path(files[0]).name)], env=names, stdout=self.log, stderr=subprocess.STDOUT)

    def connect(self):
        super().connect()
        self.tell("page")

    def encode(self):
        self.do("click", "dinoscope-encode")
        self.wait("the map", lambda: self.state()["map"] == "1")
