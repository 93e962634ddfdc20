; Inno Setup 6: iscc /DVersion=0.1.0 fruitgui.iss makes dist\fruitgui-VERSION-setup.exe of dist\fruitgui.
; With /DName=fruitgui-gpu it is called so; either takes the other's place.
#ifndef Name
  #define Name "fruitgui"
#endif
#ifndef Version
  #error "Say which version: iscc /DVersion=0.1.0 fruitgui.iss"
#endif

[Setup]
AppId={{6F0C1C0E-5B1B-4E0B-9C55-6A7B3C1F2D10}
AppName=Fruitgui
AppVersion={#Version}
AppPublisher=The Fruitgui developers
; For who installs it alone, without an administrator.
PrivilegesRequired=lowest
DefaultDirName={autopf}\Fruitgui
DefaultGroupName=Fruitgui
DisableProgramGroupPage=yes
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\assets\icons\app.ico
UninstallDisplayIcon={app}\fruitgui.exe
OutputDir=..\..\dist
OutputBaseFilename={#Name}-{#Version}-setup
Compression=lzma2/max
SolidCompression=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
; A program that is open keeps its files: it is closed first, and opened again.
CloseApplications=yes
ChangesAssociations=yes
WizardStyle=modern

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "ko"; MessagesFile: "compiler:Languages\Korean.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; What an earlier version had and this one has not.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\fruitgui\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Fruitgui"; Filename: "{app}\fruitgui.exe"
Name: "{autodesktop}\Fruitgui"; Filename: "{app}\fruitgui.exe"; Tasks: desktopicon

[Registry]
; “Open with”, for pictures; it takes nothing from the program that opens them today.
Root: HKA; Subkey: "Software\Classes\Fruitgui.Photo"; ValueType: string; ValueData: "Photo"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Fruitgui.Photo\shell\open\command"; ValueType: string; ValueData: """{app}\fruitgui.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.jpg\OpenWithProgids"; ValueType: string; ValueName: "Fruitgui.Photo"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.jpeg\OpenWithProgids"; ValueType: string; ValueName: "Fruitgui.Photo"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.png\OpenWithProgids"; ValueType: string; ValueName: "Fruitgui.Photo"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.webp\OpenWithProgids"; ValueType: string; ValueName: "Fruitgui.Photo"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.bmp\OpenWithProgids"; ValueType: string; ValueName: "Fruitgui.Photo"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.tif\OpenWithProgids"; ValueType: string; ValueName: "Fruitgui.Photo"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.tiff\OpenWithProgids"; ValueType: string; ValueName: "Fruitgui.Photo"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.gif\OpenWithProgids"; ValueType: string; ValueName: "Fruitgui.Photo"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.heic\OpenWithProgids"; ValueType: string; ValueName: "Fruitgui.Photo"; ValueData: ""; Flags: uninsdeletevalue

[Run]
Filename: "{app}\fruitgui.exe"; Description: "{cm:LaunchProgram,Fruitgui}"; Flags: nowait postinstall skipifsilent
